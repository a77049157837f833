package org.llmfactory.messaging.testing;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.link.Link;

/** An agent's end of a network in memory. */
final class InMemoryLink implements Link {
    private final InMemoryNetwork network;
    private final AgentAddress self;
    private final Map<Lane, InMemoryLane> lanes = new EnumMap<>(Lane.class);

    InMemoryLink(InMemoryNetwork network, AgentAddress self) {
        this.network = network;
        this.self = self;
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new InMemoryLane(self + " " + lane, lane == Lane.CONTROL, () -> !network.isCut(self)));
        }
    }

    @Override
    public void send(Lane lane, AgentAddress to, byte[] frame, Duration timeToLive) {
        if (frame.length > MAXIMUM_FRAME) {
            throw new IllegalArgumentException("A frame has at most " + MAXIMUM_FRAME + " bytes");
        }
        InMemoryNetwork.Frame sent = new InMemoryNetwork.Frame(lane, self, to, frame.clone());
        if (!network.isCut(self)) {
            network.pass(sent, timeToLive);
        } else {
            lanes(lane).keep(() -> network.pass(sent, timeToLive), timeToLive);
        }
    }

    void deliver(Lane lane, byte[] content, Duration timeToLive) {
        lanes(lane).deliver(content, timeToLive);
    }

    void up() {
        lanes.values().forEach(InMemoryLane::up);
    }

    @Override
    public Registration receive(Lane lane, Consumer<byte[]> receiver) {
        return lanes(lane).receive(receiver);
    }

    @Override
    public Registration onUp(Lane lane, Runnable listener) {
        return lanes(lane).onUp(listener);
    }

    @Override
    public boolean isUp(Lane lane) {
        return !network.isCut(self);
    }

    private InMemoryLane lanes(Lane lane) {
        return java.util.Objects.requireNonNull(lanes.get(lane));
    }

    void close() {
        lanes.values().forEach(InMemoryLane::close);
    }
}
