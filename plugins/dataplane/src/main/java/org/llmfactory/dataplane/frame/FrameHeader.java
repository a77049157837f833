package org.llmfactory.dataplane.frame;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a frame's sealed content, in clear but not to be altered: version, type, direction (a byte each),
 * stream (16), epoch of the direction's key (4), number (8).
 *
 * @param number among the reliable frames or among the signals of its direction, from 0
 */
public record FrameHeader(FrameType type, Direction direction, StreamId stream, int epoch, long number) {
    public static final int LENGTH = 31;

    private static final byte VERSION = 1;

    /** The header of a frame; null when it has none that is known here. */
    public static @Nullable FrameHeader read(byte[] frame) {
        if (frame.length < LENGTH || frame[0] != VERSION) {
            return null;
        }
        FrameType type = FrameType.of(frame[1]);
        Direction direction = Direction.of(frame[2]);
        if (type == null || direction == null) {
            return null;
        }
        ByteBuffer rest = ByteBuffer.wrap(frame, 3, LENGTH - 3);
        StreamId stream = new StreamId(rest.getLong(), rest.getLong());
        return new FrameHeader(type, direction, stream, rest.getInt(), rest.getLong());
    }

    /** Where frames of this stream and direction go. */
    public StreamKey key() {
        return new StreamKey(stream, direction);
    }

    void write(byte[] frame) {
        ByteBuffer.wrap(frame)
                .put(VERSION)
                .put(type.code())
                .put(direction.code())
                .putLong(stream.high())
                .putLong(stream.low())
                .putInt(epoch)
                .putLong(number);
    }

    /** Never the same twice under one key: a byte for the row of numbers, three zero bytes, the number. */
    byte[] nonce() {
        return ByteBuffer.allocate(Gcm.NONCE)
                .putInt(type.isReliable() ? 0 : 1 << 24)
                .putLong(number)
                .array();
    }

    /** The answer to a frame of a stream that is not known here; nothing of it is sealed. */
    public static byte[] unknown(FrameHeader asked) {
        byte[] frame = new byte[LENGTH];
        new FrameHeader(FrameType.UNKNOWN, asked.direction().opposite(), asked.stream(), 0, 0).write(frame);
        return frame;
    }
}
