package org.llmfactory.dataplane.stream;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.dataplane.frame.Direction;
import org.llmfactory.dataplane.frame.Handshake;
import org.llmfactory.dataplane.frame.Sealer;
import org.llmfactory.dataplane.frame.StreamKey;
import org.llmfactory.dataplane.frame.Unsealer;

/** Puts streams together. */
final class StreamFactory {
    private final AgentAddress self;
    private final Map<Lane, LanePump> pumps;
    private final Executor executor;
    private final StreamMeters meters;

    StreamFactory(AgentAddress self, Map<Lane, LanePump> pumps, Executor executor, StreamMeters meters) {
        this.self = self;
        this.pumps = Map.copyOf(pumps);
        this.executor = executor;
        this.meters = meters;
    }

    /**
     * One end of a stream.
     *
     * @param hears the direction that this end hears
     * @param credit the window of the other end
     */
    SealedStream create(
            Handshake handshake,
            Direction hears,
            AgentAddress peer,
            Lane lane,
            int credit,
            StreamLimits limits,
            SealedStream.Owner owner) {
        Sealer sealer = new Sealer(handshake, hears.opposite(), limits.framesOfKey(), limits.ageOfKey());
        Outbound outbound = new Outbound(sealer, credit, limits.queue(), meters);
        Inbound inbound = new Inbound(limits.window());
        StreamParts parts = new StreamParts(
                new StreamKey(handshake.stream(), hears),
                peer,
                new Unsealer(handshake, hears),
                outbound,
                inbound,
                new Signals(sealer, self, outbound, inbound),
                new Liveness(limits.silence(lane)),
                Objects.requireNonNull(pumps.get(lane)),
                executor,
                meters);
        meters.opened();
        return new SealedStream(parts, owner);
    }
}
