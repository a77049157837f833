package org.llmfactory.dataplane.stream;

import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;

/** Has frames to be sent now and then. */
interface FrameSource {
    AgentAddress peer();

    /** Asked by the one thread that sends; null for none now. */
    byte @Nullable [] nextFrame();

    /** Marks it as waiting for the thread that sends; false when it was already. */
    boolean queue();

    /** Marks it as no longer waiting. */
    void unqueue();
}
