package org.llmfactory.ledger.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.llmfactory.ledger.chain.Head;
import org.llmfactory.ledger.chain.HeadFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the backlog into the tables, in a thread of its own. While they cannot be written it tries again: the journal has
 * everything meanwhile, and begins anew once nothing in it is needed.
 */
final class Projection {
    private static final Logger log = LoggerFactory.getLogger(Projection.class);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long FIRST_PAUSE = SECOND / 10;
    private static final long LONGEST_PAUSE = 2 * SECOND;
    private static final long LONG_JOURNAL = 1L << 20;
    /** A shorter journal is needed no more after so long without entries. */
    private static final long IDLE = 60 * SECOND;

    private final Backlog backlog;
    private final TableWriter tables;
    private final HeadFile headFile;
    private final JournalFile journal;
    private final Thread thread = new Thread(this::run, "llmfactory-ledger");
    private Head head;
    private long lastingSince = System.nanoTime() - SECOND;

    /**
     * Begins.
     *
     * @param head the end of the chain in the tables
     */
    Projection(Backlog backlog, TableWriter tables, HeadFile headFile, JournalFile journal, Head head) {
        this.backlog = backlog;
        this.tables = tables;
        this.headFile = headFile;
        this.journal = journal;
        this.head = head;
    }

    void start() {
        thread.start();
    }

    /** Writes what it can without waiting for tables that are away, then ends; says no later than after so long. */
    boolean close(Duration most) throws InterruptedException {
        backlog.close();
        thread.join(most.toMillis());
        return !thread.isAlive();
    }

    private void run() {
        try (tables) {
            long pause = FIRST_PAUSE;
            boolean closing = false;
            while (!closing) {
                List<Entered> batch = backlog.take(IDLE);
                if (batch.isEmpty()) {
                    clearJournal(0);
                    closing = backlog.isClosedWithin(0);
                } else if (tables.write(batch)) {
                    advance(batch);
                    pause = FIRST_PAUSE;
                } else {
                    closing = backlog.isClosedWithin(pause);
                    pause = Math.min(2 * pause, LONGEST_PAUSE);
                }
            }
            if (backlog.size() > 0) {
                log.warn("{} audit entries stay in the journal until the next start", backlog.size());
            }
        } catch (InterruptedException interrupted) {
            log.error("The audit log's writer was interrupted; what is in the journal waits for the next start");
        }
    }

    /** The entries are durable already; the record of the end may lag, and then says less than it could. */
    private void advance(List<Entered> batch) {
        head = batch.get(batch.size() - 1).entry().head();
        record(System.nanoTime() - lastingSince >= SECOND);
        backlog.done(batch.size());
        clearJournal(LONG_JOURNAL);
    }

    private boolean record(boolean lasting) {
        try {
            headFile.write(head, lasting);
            if (lasting) {
                lastingSince = System.nanoTime();
            }
            return true;
        } catch (IOException failure) {
            log.error("The record of the audit log's end cannot be written: {}", failure.toString());
            return false;
        }
    }

    /** Begins the journal anew when it is longer than that, everything is in the tables, and their end is on record. */
    private void clearJournal(long length) {
        long end = backlog.doneJournal();
        if (end > length && record(true)) {
            try {
                journal.clear(end);
            } catch (IOException failure) {
                log.error("The audit log's journal cannot be cut: {}", failure.toString());
            }
        }
    }
}
