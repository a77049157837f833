package org.llmfactory.messaging.testing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.link.Link;

/**
 * A network without brokers: what one agent's link sends, the other's receives, a thread for each link and lane. Like the
 * brokers it lets through only what {@link AgentAddress#mayReach} allows, keeps frames of {@link Lane#CONTROL} for an agent
 * that is away and loses all others. A test can play the hostile or failing relay with {@link #intercept}.
 */
public final class InMemoryNetwork implements AutoCloseable {
    private final Map<AgentAddress, InMemoryLink> links = new ConcurrentHashMap<>();
    private final Set<AgentAddress> cut = ConcurrentHashMap.newKeySet();
    private volatile Function<Frame, List<Frame>> relay = List::of;

    /**
     * A frame on its way, as a relay sees it.
     *
     * @param content not copied
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Frame(Lane lane, AgentAddress from, AgentAddress to, byte[] content) {}

    /** The one link of an agent. */
    public Link link(AgentAddress agent) {
        return inMemory(agent);
    }

    /**
     * From now on every frame that was sent goes through a relay: what it returns is delivered instead, to whom it says. It
     * runs on the sender's thread.
     */
    public void intercept(Function<Frame, List<Frame>> hostile) {
        relay = hostile;
    }

    /** Delivers a frame past the relay, as one that a relay has kept. */
    public void inject(Frame frame, Duration timeToLive) {
        inMemory(frame.to()).deliver(frame.lane(), frame.content(), timeToLive);
    }

    /** Takes an agent off the network: nothing comes from it, what is for it waits or is lost. */
    public void cut(AgentAddress agent) {
        cut.add(agent);
    }

    /** Brings an agent back, and tells its link's listeners. */
    public void heal(AgentAddress agent) {
        if (cut.remove(agent)) {
            inMemory(agent).up();
        }
    }

    boolean isCut(AgentAddress agent) {
        return cut.contains(agent);
    }

    void pass(Frame frame, Duration timeToLive) {
        if (frame.from().mayReach(frame.to())) {
            relay.apply(frame).forEach(passed -> inject(passed, timeToLive));
        }
    }

    private InMemoryLink inMemory(AgentAddress agent) {
        return links.computeIfAbsent(agent, address -> new InMemoryLink(this, address));
    }

    @Override
    public void close() {
        links.values().forEach(InMemoryLink::close);
    }
}
