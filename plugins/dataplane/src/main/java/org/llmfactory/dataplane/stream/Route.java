package org.llmfactory.dataplane.stream;

import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.dataplane.frame.FrameHeader;

/** Where the frames of one end of a stream go. */
interface Route {
    AgentAddress peer();

    /** A frame has come, from whomever. Never blocks. */
    void onFrame(FrameHeader header, byte[] frame);

    /** Time has passed. */
    void tick(long now);

    /** This agent has not run at all for so many nanoseconds, so that nothing could be heard. */
    default void excuse(long nanos) {}

    /** The lane's connection has come back. */
    default void onUp() {}
}
