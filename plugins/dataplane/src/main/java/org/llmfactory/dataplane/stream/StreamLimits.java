package org.llmfactory.dataplane.stream;

import java.time.Duration;
import org.llmfactory.api.network.Lane;

/**
 * Bounds of streams.
 *
 * @param streams open at once on this agent
 * @param streamsOfPeer open at once with one other agent
 * @param window cost of what the other end may send before the listener has taken it; see {@link #cost}
 * @param queue cost of what may wait here until the other end gives credit
 * @param dataSilence without a sign of the other end a stream on {@link Lane#DATA} fails
 * @param liveSilence the same on {@link Lane#LIVE}
 * @param framesOfKey after which a direction takes a new key
 * @param ageOfKey after which a direction takes a new key
 */
public record StreamLimits(
        int streams,
        int streamsOfPeer,
        int window,
        int queue,
        Duration dataSilence,
        Duration liveSilence,
        long framesOfKey,
        Duration ageOfKey) {
    /** What holds unless configured. */
    public static final StreamLimits DEFAULT = new StreamLimits(
            4096, 256, 1 << 20, 8 << 20, Duration.ofSeconds(30), Duration.ofSeconds(5), 1 << 20, Duration.ofHours(1));

    /** The smallest and the largest window that an end may have. */
    static final int SMALLEST_WINDOW = 256 * 1024;

    static final int LARGEST_WINDOW = 64 << 20;

    private static final int FRAME = 32;

    public StreamLimits {
        if (window < SMALLEST_WINDOW || window > LARGEST_WINDOW) {
            throw new IllegalArgumentException(
                    "A stream's window has " + SMALLEST_WINDOW + " to " + LARGEST_WINDOW + " bytes");
        }
    }

    Duration silence(Lane lane) {
        return lane == Lane.LIVE ? liveSilence : dataSilence;
    }

    /** What a message costs of window and queue: its bytes, and a little so that empty ones are bounded, too. */
    static int cost(byte[] message) {
        return message.length + FRAME;
    }
}
