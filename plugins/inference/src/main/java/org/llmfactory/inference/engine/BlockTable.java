package org.llmfactory.inference.engine;

import java.util.Arrays;

/**
 * The blocks of key-value memory a sequence holds, in order. Filled and emptied by the {@link BlockManager} only.
 */
final class BlockTable {
    private final PrefixKey root;
    private int[] blocks = new int[8];
    private int size;
    /** Of these, from the front, how many are full and named. */
    private int named;
    /** The key of the last named block. */
    private PrefixKey last;

    BlockTable(PrefixKey root) {
        this.root = root;
        this.last = root;
    }

    int size() {
        return size;
    }

    int get(int index) {
        return blocks[index];
    }

    int named() {
        return named;
    }

    PrefixKey last() {
        return last;
    }

    /** The blocks that hold the first {@code positions} positions. */
    int[] toArray(int positions, int blockSize) {
        return Arrays.copyOf(blocks, (positions + blockSize - 1) / blockSize);
    }

    void add(int block) {
        if (size == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * size);
        }
        blocks[size++] = block;
    }

    /** The next block that has no name yet is full, and this is its key. */
    void name(PrefixKey key) {
        named++;
        last = key;
    }

    void clear() {
        size = 0;
        named = 0;
        last = root;
    }
}
