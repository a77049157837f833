package org.llmfactory.merger.merge;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * How to merge.
 *
 * @param strategy for several adapters; of a single one the {@code LINEAR} multiple is taken, as by PEFT
 * @param density the share of values that pruning keeps, above 0; 1 keeps all
 * @param majority how the prevailing sign is found where signs are elected
 * @param rank of the result where changes are merged; empty for the largest of the sources
 */
public record Recipe(Strategy strategy, double density, Majority majority, OptionalInt rank) {
    public Recipe {
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(majority, "majority");
        Objects.requireNonNull(rank, "rank");
        if (!(density > 0 && density <= 1)) {
            throw new IllegalArgumentException("density must be above 0 and at most 1, but is " + density);
        }
    }

    /** PEFT's {@code majority_sign_method}. */
    public enum Majority {
        /** The sign of the sum. */
        TOTAL,
        /** The sign that more adapters have. */
        FREQUENCY
    }
}
