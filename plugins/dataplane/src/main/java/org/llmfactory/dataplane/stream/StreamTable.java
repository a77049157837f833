package org.llmfactory.dataplane.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.dataplane.frame.StreamKey;

/** The ends of streams on this agent, and how many there may be. Safe for several threads. */
final class StreamTable {
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Map<StreamKey, Route> routes = new ConcurrentHashMap<>();
    private final Map<AgentAddress, Integer> ofPeer = new ConcurrentHashMap<>();
    private final AtomicInteger total = new AtomicInteger();

    @Nullable
    Route find(StreamKey key) {
        return routes.get(key);
    }

    /** Adds an end; false when there is one of this key already. */
    boolean add(StreamKey key, Route route) {
        return routes.putIfAbsent(key, route) == null;
    }

    void replace(StreamKey key, Route former, Route route) {
        routes.replace(key, former, route);
    }

    void remove(StreamKey key, Route route) {
        routes.remove(key, route);
    }

    Collection<Route> routes() {
        return routes.values();
    }

    /**
     * Makes room for one more stream, until it is {@linkplain #release given back}.
     *
     * @throws FactoryException {@code OVERLOADED} when there are enough
     */
    void reserve(AgentAddress peer, StreamLimits limits) {
        if (total.incrementAndGet() > limits.streams()) {
            total.decrementAndGet();
            throw FactoryException.retryLater(
                    ErrorCode.OVERLOADED, RETRY, "This agent has " + limits.streams() + " streams open, its limit.");
        }
        if (ofPeer.merge(peer, 1, Integer::sum) > limits.streamsOfPeer()) {
            release(peer);
            throw FactoryException.retryLater(
                    ErrorCode.OVERLOADED,
                    RETRY,
                    "There are " + limits.streamsOfPeer() + " streams open with the agent " + peer
                            + ", the limit for one.");
        }
    }

    void release(AgentAddress peer) {
        total.decrementAndGet();
        ofPeer.computeIfPresent(peer, (address, count) -> count == 1 ? null : count - 1);
    }
}
