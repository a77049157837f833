package org.llmfactory.ledger.journal;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Entries that are in the journal and not in the tables yet, in their order. Several threads add and wait; one takes. Safe
 * for use by all of them.
 */
final class Backlog {
    /** Entries of one transaction share its cost, so a moment is waited for company. */
    private static final long GATHER_NANOS = Duration.ofMillis(20).toNanos();

    /**
     * Bounds.
     *
     * @param batchSize entries taken at once, at most
     * @param capacity entries that may wait
     * @param delay how long the oldest may wait
     */
    record Limits(int batchSize, int capacity, Duration delay) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Entered> waiting = new ArrayDeque<>();
    private final Limits limits;
    private long added;
    private long done;
    /** Nobody waits for entries from here on. */
    private long urgent;

    private long journalEnd;
    private long progress = System.nanoTime();
    private boolean closed;

    Backlog(Limits limits) {
        this.limits = limits;
    }

    /** Adds what has been written into the journal, which now ends there. */
    void add(List<Entered> entries, long end) {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                progress = System.nanoTime();
            }
            waiting.addAll(entries);
            added += entries.size();
            journalEnd = end;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the tables are near enough to the journal for more to be added. */
    boolean isWithinLimits() {
        lock.lock();
        try {
            boolean late = !waiting.isEmpty()
                    && System.nanoTime() - progress > limits.delay().toNanos();
            return !late && waiting.size() < limits.capacity();
        } finally {
            lock.unlock();
        }
    }

    /** Entries that wait. */
    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything added so far is done, or for so long; says whether it is. */
    boolean flush(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            long goal = added;
            urgent = Math.max(urgent, goal);
            changed.signalAll();
            while (done < goal && left > 0) {
                left = changed.awaitNanos(left);
            }
            return done >= goal;
        } finally {
            lock.unlock();
        }
    }

    /** The oldest entries, which stay in line until they are {@link #done}; empty when there were none for so long. */
    List<Entered> take(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty() && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            long gather = GATHER_NANOS;
            while (isWorthWaiting() && gather > 0) {
                gather = changed.awaitNanos(gather);
            }
            return waiting.stream().limit(limits.batchSize()).toList();
        } finally {
            lock.unlock();
        }
    }

    private boolean isWorthWaiting() {
        return !waiting.isEmpty() && waiting.size() < limits.batchSize() && urgent <= done && !closed;
    }

    /** Removes as many of the oldest. */
    void done(int count) {
        lock.lock();
        try {
            for (int i = 0; i < count; i++) {
                waiting.remove();
            }
            done += count;
            progress = System.nanoTime();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Where the journal ended when the last entry was added; 0 while entries wait. */
    long doneJournal() {
        lock.lock();
        try {
            return waiting.isEmpty() ? journalEnd : 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for so long, or until it is closed; says whether it is. */
    boolean isClosedWithin(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits for more entries. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
