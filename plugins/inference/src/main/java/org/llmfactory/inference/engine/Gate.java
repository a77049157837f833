package org.llmfactory.inference.engine;

import java.time.Duration;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** Counts the requests inside an engine, and decides whether another may come in. Safe for use by several threads. */
final class Gate {
    private static final Duration RETRY = Duration.ofSeconds(2);

    private enum State {
        OPEN,
        DRAINING,
        CLOSED,
        BROKEN
    }

    private State state = State.OPEN;
    private int inside;

    /**
     * Lets one in, who must {@link #leave}.
     *
     * @throws FactoryException {@code OVERLOADED} when the engine takes no new requests
     */
    synchronized void enter() {
        if (state != State.OPEN) {
            throw refusal();
        }
        inside++;
    }

    synchronized void leave() {
        inside--;
        notifyAll();
    }

    /** What one is told who may not come in, or not stay. */
    synchronized FactoryException refusal() {
        return state == State.BROKEN
                ? new FactoryException(
                        ErrorCode.INTERNAL, "The engine of this model failed. An administrator has to restart it.")
                : FactoryException.retryLater(
                        ErrorCode.OVERLOADED, RETRY, "This model is being stopped or updated. Try again shortly.");
    }

    synchronized void close() {
        if (state != State.BROKEN) {
            state = State.CLOSED;
        }
    }

    synchronized void breakDown() {
        state = State.BROKEN;
    }

    synchronized boolean isClosed() {
        return state == State.CLOSED || state == State.BROKEN;
    }

    synchronized boolean isBroken() {
        return state == State.BROKEN;
    }

    synchronized int inside() {
        return inside;
    }

    /** Lets no one in any more and waits until all have left; false when the time was over first. */
    synchronized boolean drain(Duration deadline) throws InterruptedException {
        if (state == State.OPEN) {
            state = State.DRAINING;
        }
        long end = System.nanoTime() + deadline.toNanos();
        while (inside > 0) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, left / 1_000_000));
        }
        return true;
    }

    synchronized void resume() {
        if (state == State.DRAINING) {
            state = State.OPEN;
        }
    }
}
