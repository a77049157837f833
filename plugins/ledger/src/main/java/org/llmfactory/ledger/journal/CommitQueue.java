package org.llmfactory.ledger.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A bounded queue that gives all it has at once, and that ends. Safe for use by several threads. */
final class CommitQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private final int capacity;
    private boolean closed;

    CommitQueue(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Puts an event in line, waiting for room.
     *
     * @return false when there was no room in time, or the queue is closed
     */
    boolean offer(Pending pending, long nanos) throws InterruptedException {
        long left = nanos;
        lock.lockInterruptibly();
        try {
            while (waiting.size() >= capacity && !closed && left > 0) {
                left = drained.awaitNanos(left);
            }
            if (closed || waiting.size() >= capacity) {
                return false;
            }
            waiting.add(pending);
            filled.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for events and takes those in line, at most so many; empty when the queue is closed and done with. */
    List<Pending> take(int most) {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                filled.awaitUninterruptibly();
            }
            List<Pending> batch = new ArrayList<>(Math.min(most, waiting.size()));
            while (batch.size() < most && !waiting.isEmpty()) {
                batch.add(waiting.remove());
            }
            drained.signalAll();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more; what is in line is still given. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            drained.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Events in line. */
    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
