package org.llmfactory.inference.runner;

import java.util.List;

/**
 * The part of one sequence that a step computes: a piece of its prompt, or its newest token.
 *
 * @param tokens the ids, at least one
 * @param start position of the first of them; everything before lies in the blocks already
 * @param blockTable the sequence's blocks in order, enough for {@code start + tokens.length} positions
 * @param adapters the mix, empty for the base model
 * @param longContext whether the whole sequence, prompt and completion, may exceed the model's original context (matters
 *     to families with two sets of rotary factors)
 * @param logits which tokens' logits are wanted
 */
@SuppressWarnings("ArrayRecordComponent") // built once for a step, never compared
public record Chunk(
        int[] tokens, int start, int[] blockTable, List<WeightedAdapter> adapters, boolean longContext, Logits logits) {
    /** Which tokens of a chunk end as a row of the output. */
    public enum Logits {
        NONE,
        LAST,
        ALL
    }
}
