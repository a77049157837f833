package org.llmfactory.api.network;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Messages in both directions between two agents: in order, none twice, none lost, sealed from one to the other. A link
 * that drops is waited for; a stream whose other end is silent for too long fails.
 *
 * <p>Sending is safe for several threads; the order among them is theirs to keep.
 */
@ProviderType
public interface AgentStream {
    /** The largest message, in bytes. */
    int MAXIMUM_MESSAGE = 64 * 1024;

    /** For logs; the same at both ends. */
    String id();

    /** The agent at the other end, as its certificate says. */
    AgentAddress peer();

    /**
     * Sends a message, or queues it while the other end gives no credit. Never blocks. Whoever sends much asks {@link
     * #awaitWritable} before each message: a queue of over 8 MiB makes the stream fail.
     *
     * @param message at most {@link #MAXIMUM_MESSAGE} bytes, not changed afterwards
     * @throws org.llmfactory.api.error.FactoryException {@code CONFLICT} when this end has finished or the stream has ended
     */
    void send(byte[] message);

    /**
     * Waits until the other end takes more.
     *
     * @return false when the deadline passed first
     * @throws org.llmfactory.api.error.FactoryException the reason, when the stream has failed or was cancelled
     */
    boolean awaitWritable(Duration deadline) throws InterruptedException;

    /** Ends this direction: what was sent is delivered, then the other end hears {@link StreamListener#onEnd}. */
    void finish();

    /**
     * Ends both directions now. The other end hears {@link StreamListener#onFailure} with this reason; this end's listener
     * hears nothing more. Without effect on a stream that has ended.
     *
     * @param reason told to the other end; no secret in it
     */
    void cancel(String reason);
}
