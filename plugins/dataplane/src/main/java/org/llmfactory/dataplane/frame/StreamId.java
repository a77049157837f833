package org.llmfactory.dataplane.frame;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Sixteen random bytes.
 *
 * @param high the first eight
 * @param low the last eight
 */
public record StreamId(long high, long low) {
    public static final int LENGTH = 16;

    public static StreamId random(SecureRandom random) {
        return new StreamId(random.nextLong(), random.nextLong());
    }

    /**
     * The stream that these bytes name.
     *
     * @throws IllegalArgumentException for another length than 16
     */
    public static StreamId of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("A stream's id has " + LENGTH + " bytes");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new StreamId(buffer.getLong(), buffer.getLong());
    }

    public byte[] bytes() {
        return ByteBuffer.allocate(LENGTH).putLong(high).putLong(low).array();
    }

    @Override
    public String toString() {
        return String.format("%016x%016x", high, low);
    }
}
