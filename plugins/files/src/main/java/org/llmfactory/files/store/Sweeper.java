package org.llmfactory.files.store;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes, from time to time, files that have expired and contents that no row speaks of. */
public final class Sweeper implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Sweeper.class);
    private static final int BATCH = 200;
    private static final Duration STOP = Duration.ofSeconds(15);

    /** Content comes before its row; what is older than this waits for none. */
    private static final Duration GRACE = Duration.ofHours(1);

    /** How long one can still ask what became of an upload. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    private final Jdbi tables;
    private final ObjectStore store;
    private final StoredFiles files;
    private final Clock clock;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "llmfactory-files-sweeper");
        thread.setDaemon(true);
        return thread;
    });

    public Sweeper(Jdbi tables, ObjectStore store, StoredFiles files, Clock clock) {
        this.tables = tables;
        this.store = store;
        this.files = files;
        this.clock = clock;
    }

    /** Sweeps again and again, first after a moment. */
    public void start(Duration interval) {
        // Never fails and ends with the scheduler.
        Future<?> unused = scheduler.scheduleWithFixedDelay(
                this::sweepSafely, Math.min(60, interval.toSeconds()), interval.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        try {
            if (!scheduler.awaitTermination(STOP.toSeconds(), TimeUnit.SECONDS)) {
                log.warn("Expired files are still being removed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sweeps now. */
    public void sweep() throws IOException {
        Instant now = clock.instant();
        List<Entry> expired;
        do {
            expired = tables.withHandle(handle -> FileTable.expired(handle, now, BATCH));
            expired.forEach(
                    entry -> files.delete(entry.file().project(), entry.file().id(), Actor.system(), "file.expired"));
        } while (expired.size() == BATCH && !Thread.currentThread().isInterrupted());
        for (StoredObject object : store.list(Keys.PROJECTS)) {
            if (object.modified().isBefore(now.minus(GRACE)) && isLeftOver(object.key(), now)) {
                store.delete(object.key());
                log.info("Removed what an interrupted upload had left: {}", object.key());
            }
        }
        tables.useTransaction(handle -> UploadTable.deleteExpired(handle, now.minus(REMEMBERED)));
    }

    private boolean isLeftOver(String key, Instant now) {
        String[] segments = key.split("/", -1);
        if (segments.length == 4 && segments[2].equals(Keys.FILES)) {
            return !tables.withHandle(handle -> FileTable.exists(handle, segments[3]));
        }
        return segments.length == 5
                && segments[2].equals(Keys.UPLOADS)
                && !tables.withHandle(handle -> UploadTable.isPending(handle, segments[3], now));
    }

    private void sweepSafely() {
        try {
            sweep();
        } catch (IOException | RuntimeException failure) {
            log.warn("Expired files could not be removed; they are not shown, and it is tried again later", failure);
        }
    }
}
