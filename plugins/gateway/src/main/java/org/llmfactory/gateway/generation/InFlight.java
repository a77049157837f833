package org.llmfactory.gateway.generation;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.llmfactory.api.agent.Drainable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.osgi.service.component.annotations.Component;

/** Counts the requests being answered, so that this plugin is updated between requests and not during one. */
@Component(service = {InFlight.class, Drainable.class})
public final class InFlight implements Drainable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int count;
    private boolean draining;

    /**
     * Takes a place.
     *
     * @throws FactoryException {@code OVERLOADED} while the plugin is about to be replaced
     */
    public void enter() {
        lock.lock();
        try {
            if (draining) {
                throw FactoryException.retryLater(
                        ErrorCode.OVERLOADED,
                        Duration.ofSeconds(1),
                        "The gateway is being updated; try again in a second.");
            }
            count++;
        } finally {
            lock.unlock();
        }
    }

    /** Gives the place back. */
    public void exit() {
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

    /** Requests being answered now. */
    public int count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean drain(Duration deadline) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(deadline.toMillis());
        lock.lockInterruptibly();
        try {
            draining = true;
            while (count > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return count == 0;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void resume() {
        lock.lock();
        try {
            draining = false;
        } finally {
            lock.unlock();
        }
    }
}
