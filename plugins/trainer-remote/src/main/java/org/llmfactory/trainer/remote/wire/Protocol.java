package org.llmfactory.trainer.remote.wire;

import java.time.Duration;
import org.llmfactory.api.network.AgentStream;

/** What both ends take for granted. */
public final class Protocol {
    /** The name of the stream service on nodes. */
    public static final String SERVICE = "trainer";

    /** The version of the messages. A reader takes those of its own version and no other. */
    public static final int VERSION = 1;

    /** Bytes of an object in a message at most; the rest of the message is for its head. */
    public static final int PIECE = AgentStream.MAXIMUM_MESSAGE - 1024;

    /** How long one end waits for the other's answer, or for it to take more. */
    public static final Duration PATIENCE = Duration.ofMinutes(1);

    private Protocol() {}
}
