package org.llmfactory.auth;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.llmfactory.auth.key.StoredApiKeys;
import org.llmfactory.auth.session.BrowserSessions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down every minute what was used, and forgets what has ended. */
@Component(service = {})
public final class Housekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final long PERIOD_SECONDS = 60;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread worker = new Thread(task, "auth-housekeeping");
        worker.setDaemon(true);
        return worker;
    });

    private final ScheduledFuture<?> rounds;

    @Activate
    public Housekeeping(@Reference StoredApiKeys keys, @Reference BrowserSessions sessions) {
        this.rounds = thread.scheduleWithFixedDelay(
                () -> run(keys, sessions), PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private static void run(StoredApiKeys keys, BrowserSessions sessions) {
        try {
            keys.flush();
            sessions.flush();
        } catch (RuntimeException failure) {
            LOG.warn("What was used could not be written down; it is tried again in a minute", failure);
        }
    }

    @Deactivate
    void deactivate() {
        rounds.cancel(false);
        thread.shutdown();
    }
}
