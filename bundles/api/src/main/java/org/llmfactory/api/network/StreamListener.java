package org.llmfactory.api.network;

import org.llmfactory.api.error.FactoryException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What arrives on a stream. Called one at a time for a stream, from a thread of the data plane. Returning from {@link
 * #onMessage} gives the other end credit for more: whoever cannot keep up blocks there, and only his own stream waits.
 */
@ConsumerType
public interface StreamListener {
    void onMessage(byte[] message);

    /** The other end has finished; this end may go on sending. */
    void onEnd();

    /** The stream has failed or was cancelled by the other end. Nothing comes after it. */
    void onFailure(FactoryException reason);
}
