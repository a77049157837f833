package org.llmfactory.ledger.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Lets callers share commits: of those in line, the first writes for all, and then gives its turn to whoever has come
 * meanwhile. So a caller without company waits for no other thread. Safe for use by several threads.
 */
final class GroupCommit {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    /** Not empty only while somebody leads. */
    private final Deque<Pending> line = new ArrayDeque<>();

    private final int capacity;
    private final int batchSize;
    private final Predicate<List<Pending>> writer;
    private boolean led;
    private boolean closed;

    /**
     * An empty line.
     *
     * @param capacity events that may be in line
     * @param batchSize events of one batch at most
     * @param writer writes a batch, all or nothing, and says whether it has; called by one thread at a time
     */
    GroupCommit(int capacity, int batchSize, Predicate<List<Pending>> writer) {
        this.capacity = capacity;
        this.batchSize = batchSize;
        this.writer = writer;
    }

    /**
     * Writes an event, or waits until somebody has.
     *
     * @return whether it is written; when not, it never will be, unless it was being written as the time ran out
     */
    boolean commit(Pending pending, long nanos) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (!enter(pending)) {
            return false;
        }
        Pending.State state;
        try {
            state = pending.await(nanos);
        } catch (InterruptedException interrupted) {
            leave(pending);
            throw interrupted;
        }
        if (state == Pending.State.LEADING) {
            state = lead(pending);
        } else if (state == Pending.State.WAITING) {
            leave(pending);
        }
        return state == Pending.State.WRITTEN;
    }

    private boolean enter(Pending pending) {
        lock.lock();
        try {
            if (closed || line.size() >= capacity) {
                return false;
            }
            line.add(pending);
            if (!led) {
                led = true;
                pending.become(Pending.State.LEADING);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    private Pending.State lead(Pending leader) {
        List<Pending> batch = takeBatch();
        boolean success = false;
        try {
            success = writer.test(batch);
        } finally {
            lock.lock();
            try {
                passOn();
            } finally {
                lock.unlock();
            }
            for (Pending written : batch) {
                written.become(success ? Pending.State.WRITTEN : Pending.State.FAILED);
            }
        }
        return leader.state();
    }

    private List<Pending> takeBatch() {
        lock.lock();
        try {
            List<Pending> batch = new ArrayList<>(Math.min(batchSize, line.size()));
            while (batch.size() < batchSize && !line.isEmpty()) {
                batch.add(line.remove());
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Pending pending) {
        lock.lock();
        try {
            if (line.remove(pending) && pending.state() == Pending.State.LEADING) {
                passOn();
            }
        } finally {
            lock.unlock();
        }
    }

    private void passOn() {
        Pending next = line.peek();
        if (next == null) {
            led = false;
            idle.signalAll();
        } else {
            next.become(Pending.State.LEADING);
        }
    }

    /** Events in line, not counting those that are being written. */
    int size() {
        lock.lock();
        try {
            return line.size();
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more, and waits until what is in line is written, or for so long; says whether it is. */
    boolean close(long nanos) throws InterruptedException {
        long left = nanos;
        lock.lock();
        try {
            closed = true;
            while (led && left > 0) {
                left = idle.awaitNanos(left);
            }
            return !led;
        } finally {
            lock.unlock();
        }
    }
}
