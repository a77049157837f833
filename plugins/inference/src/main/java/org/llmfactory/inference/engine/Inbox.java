package org.llmfactory.inference.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * The door of the engine: counts who waits and turns away who is too many. A sequence counts from {@link #add} until it
 * {@link #leave leaves} the queue for its first step or its end. Safe for use by several threads.
 */
final class Inbox {
    private static final Duration MOST = Duration.ofSeconds(60);

    private final int limit;
    private final int limitPerTenant;
    private final ConcurrentLinkedQueue<Sequence> arrivals = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> perTenant = new HashMap<>();
    private int size;
    private Duration lastWait = Duration.ZERO;

    Inbox(int limit, int limitPerTenant) {
        this.limit = limit;
        this.limitPerTenant = limitPerTenant;
    }

    /**
     * Takes a sequence in.
     *
     * @throws FactoryException {@code OVERLOADED} when the queue is full, {@code RATE_LIMITED} when this tenant's part of
     *     it is; with the time to wait, estimated from how long the sequence that left last had waited
     */
    void add(Sequence sequence) {
        synchronized (this) {
            if (size >= limit) {
                throw FactoryException.retryLater(
                        ErrorCode.OVERLOADED,
                        delay(),
                        "The server is overloaded: " + size + " requests are waiting. Try again later.");
            }
            if (perTenant.getOrDefault(sequence.tenant(), 0) >= limitPerTenant) {
                throw FactoryException.retryLater(
                        ErrorCode.RATE_LIMITED,
                        delay(),
                        "Rate limit reached: " + limitPerTenant
                                + " of your requests are waiting already. Try again later.");
            }
            size++;
            perTenant.merge(sequence.tenant(), 1, Integer::sum);
        }
        arrivals.add(sequence);
    }

    /** Hands over what has come since the last call, oldest first. */
    void drainTo(Consumer<Sequence> receiver) {
        for (Sequence next = arrivals.poll(); next != null; next = arrivals.poll()) {
            receiver.accept(next);
        }
    }

    /** Takes back a sequence that was not handed over yet; false when it was. */
    boolean takeBack(Sequence sequence) {
        if (!arrivals.remove(sequence)) {
            return false;
        }
        leave(sequence, Duration.ZERO);
        return true;
    }

    /** A sequence waits no longer. */
    synchronized void leave(Sequence sequence, Duration waited) {
        size--;
        perTenant.computeIfPresent(sequence.tenant(), (tenant, count) -> count == 1 ? null : count - 1);
        lastWait = waited;
    }

    synchronized int size() {
        return size;
    }

    private Duration delay() {
        long seconds = Math.min(lastWait.toSeconds() + 1, MOST.toSeconds());
        return Duration.ofSeconds(seconds);
    }
}
