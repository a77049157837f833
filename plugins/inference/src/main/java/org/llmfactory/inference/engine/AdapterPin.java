package org.llmfactory.inference.engine;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.inference.runner.ResidentAdapter;
import org.llmfactory.inference.runner.WeightedAdapter;

/**
 * A sequence's claim to its adapters: as long as it is held they are not evicted. They may still be loading. Made and
 * released by the {@link AdapterPool}; confined to the step thread.
 */
final class AdapterPin {
    /** An adapter in the pool, or on its way there. */
    static final class Entry {
        final String digest;
        long bytes;
        int pins;

        @Nullable
        ResidentAdapter resident;

        @Nullable
        FactoryException failure;

        Entry(String digest, long bytes) {
            this.digest = digest;
            this.bytes = bytes;
        }
    }

    private final AdapterMix mix;
    private final List<Entry> entries;
    private final @Nullable FactoryException refusal;

    /** A claim to these entries, one for each part of the mix. */
    AdapterPin(AdapterMix mix, List<Entry> entries) {
        this.mix = mix;
        this.entries = List.copyOf(entries);
        this.refusal = null;
    }

    /** A claim that can never be met. */
    AdapterPin(FactoryException refusal) {
        this.mix = new AdapterMix(List.of());
        this.entries = List.of();
        this.refusal = refusal;
    }

    List<Entry> entries() {
        return entries;
    }

    boolean isReady() {
        return refusal == null && entries.stream().allMatch(entry -> entry.resident != null);
    }

    /** Why the adapters will never be there. */
    @Nullable
    FactoryException failure() {
        if (refusal != null) {
            return refusal;
        }
        for (Entry entry : entries) {
            if (entry.failure != null) {
                return entry.failure;
            }
        }
        return null;
    }

    /** What a step computes with; only when {@link #isReady ready}. */
    List<WeightedAdapter> adapters() {
        return IntStream.range(0, entries.size())
                .mapToObj(i -> new WeightedAdapter(
                        Objects.requireNonNull(entries.get(i).resident),
                        mix.parts().get(i).weight()))
                .toList();
    }
}
