package org.llmfactory.history;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what has been kept long enough, from time to time, in small transactions. */
final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int BATCH = 200;
    private static final Duration STOP = Duration.ofSeconds(15);

    private final ChatTable chats;
    private final Retention retention;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "llmfactory-history-sweeper");
        thread.setDaemon(true);
        return thread;
    });

    Sweeper(ChatTable chats, Retention retention) {
        this.chats = chats;
        this.retention = retention;
    }

    /** Sweeps again and again, first after a moment, so that an agent that is seldom up for long does it, too. */
    void start(Duration interval) {
        // Never fails and ends with the scheduler.
        Future<?> unused = scheduler.scheduleWithFixedDelay(
                this::sweepSafely, Math.min(60, interval.toSeconds()), interval.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        try {
            if (!scheduler.awaitTermination(STOP.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("Expired chats are still being deleted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Deletes all that has expired; says how many. */
    int sweep() {
        int deleted = 0;
        for (String project : chats.projects()) {
            deleted += sweep(project);
        }
        if (deleted > 0) {
            LOG.info("Deleted {} stored chats that had been kept long enough", deleted);
        }
        return deleted;
    }

    private int sweep(String project) {
        int deleted = 0;
        int batch = BATCH;
        while (batch == BATCH && !Thread.currentThread().isInterrupted()) {
            batch = retention.isKnown(project)
                    ? chats.deleteCreatedBefore(project, retention.since(project), BATCH)
                    // An archived project has no settings any more; what it promised still holds.
                    : chats.deleteExpired(project, retention.now(), BATCH);
            deleted += batch;
        }
        return deleted;
    }

    private void sweepSafely() {
        try {
            sweep();
        } catch (RuntimeException failure) {
            LOG.warn("Expired chats could not be deleted; they are not shown, and it is tried again later", failure);
        }
    }
}
