package org.llmfactory.inference.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.llmfactory.inference.runner.Chunk;
import org.llmfactory.inference.runner.Chunk.Logits;

/** What one step computes. */
final class Batch {
    /** So many tokens of a sequence, from the first one that is not computed yet. */
    record Part(Sequence sequence, int count, Logits logits) {}

    private final int budget;
    private final int blockSize;
    private final List<Part> parts = new ArrayList<>();
    private int tokens;

    Batch(int budget, int blockSize) {
        this.budget = budget;
        this.blockSize = blockSize;
    }

    /** Tokens that still fit in. */
    int room() {
        return budget - tokens;
    }

    int tokens() {
        return tokens;
    }

    List<Part> parts() {
        return parts;
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    void add(Sequence sequence, int count) {
        parts.add(new Part(sequence, count, logits(sequence, count)));
        tokens += count;
    }

    private static Logits logits(Sequence sequence, int count) {
        if (sequence.wantsPromptLogprobs()) {
            return Logits.ALL;
        }
        boolean last = count == sequence.remaining();
        return last && sequence.maxTokens() > 0 ? Logits.LAST : Logits.NONE;
    }

    /** The same, as the runner takes it. */
    List<Chunk> chunks() {
        return parts.stream().map(this::chunk).toList();
    }

    private Chunk chunk(Part part) {
        Sequence sequence = part.sequence();
        int start = sequence.computed();
        int end = start + part.count();
        return new Chunk(
                Arrays.copyOfRange(sequence.tokens(), start, end),
                start,
                sequence.table().toArray(end, blockSize),
                Objects.requireNonNull(sequence.pin()).adapters(),
                sequence.longContext(),
                part.logits());
    }
}
