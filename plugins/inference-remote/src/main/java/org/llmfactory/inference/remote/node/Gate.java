package org.llmfactory.inference.remote.node;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Counts the generations under way, and lets no new one in while it is closed. */
final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int count;
    private boolean closed;

    /**
     * Takes a place.
     *
     * @throws FactoryException {@code OVERLOADED} while it is closed
     */
    void enter() {
        lock.lock();
        try {
            if (closed) {
                throw FactoryException.retryLater(
                        ErrorCode.OVERLOADED, Duration.ofSeconds(1), "The node is being updated.");
            }
            count++;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the place back. */
    void exit() {
        lock.lock();
        try {
            count--;
            if (count == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes, and waits until nothing is under way; false when the deadline passed first. */
    boolean close(Duration deadline) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(deadline.toMillis());
        lock.lockInterruptibly();
        try {
            closed = true;
            while (count > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return count == 0;
        } finally {
            lock.unlock();
        }
    }

    void open() {
        lock.lock();
        try {
            closed = false;
        } finally {
            lock.unlock();
        }
    }
}
