package org.llmfactory.inference.engine;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Owns the key-value memory. A full block is cached under the {@link PrefixKey} of its content and shared by every
 * sequence with that prefix; when nobody holds it any longer it stays until its memory is needed, the least recently
 * used first. Confined to the step thread.
 */
final class BlockManager {
    private final int blockSize;
    private final int[] references;
    private final @Nullable PrefixKey[] keys;
    private final Map<PrefixKey, Integer> cached = new HashMap<>();
    private final ArrayDeque<Integer> empty = new ArrayDeque<>();
    /** Cached blocks that nobody holds, the least recently used first. */
    private final LinkedHashMap<PrefixKey, Integer> evictable = new LinkedHashMap<>();

    BlockManager(int blocks, int blockSize) {
        this.blockSize = blockSize;
        references = new int[blocks];
        keys = new @Nullable PrefixKey[blocks];
        for (int block = 0; block < blocks; block++) {
            empty.add(block);
        }
    }

    int total() {
        return references.length;
    }

    /** Blocks that can be had: empty, or cached and held by nobody. */
    int free() {
        return empty.size() + evictable.size();
    }

    int blocksFor(int positions) {
        return (positions + blockSize - 1) / blockSize;
    }

    /**
     * Fills an empty table with the cached blocks that the tokens begin with.
     *
     * @param length tokens there are; the last one is never taken from the cache, since its logits are wanted
     * @return positions found
     */
    int reuse(BlockTable table, int[] tokens, int length) {
        int full = (length - 1) / blockSize;
        while (table.size() < full) {
            int from = table.size() * blockSize;
            PrefixKey key = table.last().next(tokens, from, from + blockSize);
            Integer block = cached.get(key);
            if (block == null) {
                break;
            }
            if (references[block]++ == 0) {
                evictable.remove(key);
            }
            table.add(block);
            table.name(key);
        }
        return table.size() * blockSize;
    }

    /** Gives the table room for so many positions; false, and nothing changed, when there is not enough memory. */
    boolean grow(BlockTable table, int positions) {
        int missing = blocksFor(positions) - table.size();
        if (missing > free()) {
            return false;
        }
        for (int i = 0; i < missing; i++) {
            int block = take();
            references[block] = 1;
            table.add(block);
        }
        return true;
    }

    /** Caches the blocks that are full now that the first {@code computed} tokens are in memory. */
    void publish(BlockTable table, int[] tokens, int computed) {
        while ((table.named() + 1) * blockSize <= computed) {
            int from = table.named() * blockSize;
            int block = table.get(table.named());
            PrefixKey key = table.last().next(tokens, from, from + blockSize);
            table.name(key);
            // Another sequence may have computed the same at the same time: its block keeps the name.
            if (cached.putIfAbsent(key, block) == null) {
                keys[block] = key;
            }
        }
    }

    /** Takes all blocks back. The end of a prefix is evicted before its beginning. */
    void release(BlockTable table) {
        for (int i = table.size() - 1; i >= 0; i--) {
            int block = table.get(i);
            if (--references[block] == 0) {
                PrefixKey key = keys[block];
                if (key == null) {
                    empty.addFirst(block);
                } else {
                    evictable.put(key, block);
                }
            }
        }
        table.clear();
    }

    private int take() {
        Integer block = empty.pollFirst();
        if (block != null) {
            return block;
        }
        Iterator<Map.Entry<PrefixKey, Integer>> oldest = evictable.entrySet().iterator();
        Map.Entry<PrefixKey, Integer> evicted = oldest.next();
        oldest.remove();
        cached.remove(evicted.getKey());
        keys[evicted.getValue()] = null;
        return evicted.getValue();
    }
}
