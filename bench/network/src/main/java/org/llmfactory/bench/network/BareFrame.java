package org.llmfactory.bench.network;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A frame of the comparison without seal: two numbers, then nothing of interest.
 *
 * @param stream which of the senders
 * @param number of the frame, or how many have come
 */
record BareFrame(int stream, int number) {
    /** In the place of a stream: whether the other end hears. */
    static final int HELLO = -1;

    static final int SMALLEST = 2 * Integer.BYTES;

    byte[] encoded(int size) {
        return ByteBuffer.allocate(Math.max(SMALLEST, size))
                .putInt(stream)
                .putInt(number)
                .array();
    }

    static Optional<BareFrame> of(byte[] frame) {
        if (frame.length < SMALLEST) {
            return Optional.empty();
        }
        ByteBuffer numbers = ByteBuffer.wrap(frame);
        return Optional.of(new BareFrame(numbers.getInt(), numbers.getInt()));
    }
}
