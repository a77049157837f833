package org.llmfactory.dataplane.frame;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the content of {@link FrameType#ACKNOWLEDGE} says of the other direction.
 *
 * @param next all reliable frames below have arrived
 * @param limit cost of all reliable frames together that may be sent since the stream's beginning
 * @param echo the highest number of a signal that has arrived; -1 for none
 * @param ranges reliable frames above {@code next} that have arrived, ascending
 * @param complete whether {@code ranges} are all there are; otherwise nothing is said of what is above the last
 */
public record Acknowledgement(long next, long limit, long echo, List<Range> ranges, boolean complete) {
    /** Ranges that fit one. */
    public static final int MAXIMUM_RANGES = 64;

    private static final int FIXED = 3 * Long.BYTES + 2;

    public Acknowledgement {
        ranges = List.copyOf(ranges);
    }

    /**
     * Some frames in a row.
     *
     * @param end exclusive
     */
    public record Range(long start, long end) {}

    public byte[] write() {
        ByteBuffer content = ByteBuffer.allocate(FIXED + ranges.size() * 2 * Integer.BYTES)
                .putLong(next)
                .putLong(limit)
                .putLong(echo)
                .put((byte) (complete ? 1 : 0))
                .put((byte) ranges.size());
        for (Range range : ranges) {
            content.putInt((int) (range.start() - next)).putInt((int) (range.end() - range.start()));
        }
        return content.array();
    }

    /** Null for content of another form. */
    public static @Nullable Acknowledgement read(byte[] content) {
        if (content.length < FIXED) {
            return null;
        }
        ByteBuffer buffer = ByteBuffer.wrap(content);
        long next = buffer.getLong();
        long limit = buffer.getLong();
        long echo = buffer.getLong();
        boolean complete = buffer.get() == 1;
        int count = buffer.get();
        if (count < 0 || count > MAXIMUM_RANGES || buffer.remaining() != count * 2 * Integer.BYTES) {
            return null;
        }
        List<Range> ranges = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            long start = next + buffer.getInt();
            ranges.add(new Range(start, start + buffer.getInt()));
        }
        return new Acknowledgement(next, limit, echo, ranges, complete);
    }
}
