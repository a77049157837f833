package org.llmfactory.inference.decoder;

import java.util.Arrays;

/** A growing array of numbers. */
final class LongArray {
    private long[] values = new long[16];
    private int size;

    void add(long... more) {
        if (size + more.length > values.length) {
            values = Arrays.copyOf(values, Math.max(2 * values.length, size + more.length));
        }
        System.arraycopy(more, 0, values, size, more.length);
        size += more.length;
    }

    int size() {
        return size;
    }

    long[] toArray() {
        return Arrays.copyOf(values, size);
    }
}
