package org.llmfactory.dataplane.stream;

import java.util.concurrent.Executor;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.dataplane.frame.StreamKey;
import org.llmfactory.dataplane.frame.Unsealer;

/**
 * What one end of a stream consists of.
 *
 * @param key of the end
 * @param peer the agent at the other end
 * @param executor runs the listener
 * @param pump sends frames
 */
record StreamParts(
        StreamKey key,
        AgentAddress peer,
        Unsealer unsealer,
        Outbound outbound,
        Inbound inbound,
        Signals signals,
        Liveness liveness,
        LanePump pump,
        Executor executor,
        StreamMeters meters) {}
