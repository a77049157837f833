package org.llmfactory.ledger.transcript;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.llmfactory.ledger.journal.LedgerStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes transcripts that are old enough, once an hour. */
@Component(
        service = TranscriptRetention.class,
        immediate = true,
        configurationPid = "org.llmfactory.ledger.transcripts")
@Designate(ocd = TranscriptRetention.Config.class)
public final class TranscriptRetention {
    /** How long transcripts are kept. */
    @ObjectClassDefinition(name = "LLM Factory: transcripts in the audit log")
    public @interface Config {
        @AttributeDefinition(description = "Days that the text of prompts and answers is kept; 0 for ever")
        int days() default 30;
    }

    private static final Logger log = LoggerFactory.getLogger(TranscriptRetention.class);

    private final Jdbi tables;
    private final Duration age;
    private final Clock clock;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "llmfactory-ledger-transcripts"));

    private @Nullable ScheduledFuture<?> sweeps;

    @Activate
    public TranscriptRetention(@Reference LedgerStore store, Config config) {
        this(store.tables(), Duration.ofDays(config.days()), Clock.systemUTC());
        if (config.days() > 0) {
            sweeps = timer.scheduleWithFixedDelay(this::sweepOrLog, 1, 60, TimeUnit.MINUTES);
        }
    }

    TranscriptRetention(Jdbi tables, Duration age, Clock clock) {
        this.tables = tables;
        this.age = age;
        this.clock = clock;
    }

    /** Deletes what is too old; says how many. */
    int sweep() {
        long before = clock.instant().minus(age).toEpochMilli();
        return tables.withHandle(handle -> TranscriptTable.deleteBefore(handle, before));
    }

    @Deactivate
    void close() {
        if (sweeps != null) {
            sweeps.cancel(true);
        }
        timer.shutdownNow();
    }

    private void sweepOrLog() {
        try {
            log.debug("{} transcripts were old enough to be deleted", sweep());
        } catch (RuntimeException failure) {
            // The next hour tries again.
            log.warn("Old transcripts cannot be deleted at present", failure);
        }
    }
}
