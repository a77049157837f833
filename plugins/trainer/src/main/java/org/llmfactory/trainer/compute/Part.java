package org.llmfactory.trainer.compute;

import java.util.Collections;
import java.util.List;

/**
 * What one run has in a batch.
 *
 * @param adapter whose change its tokens see; one without parameters for the base model alone
 * @param sequences at least one, each with a token that counts
 * @param shares for each sequence how much each of its tokens counts in the loss that is differentiated; any number
 * @param seed decides which inputs of the adapter are dropped while it is differentiated
 */
public record Part(TrainableAdapter adapter, List<Sequence> sequences, List<Float> shares, int seed) {
    public Part {
        sequences = List.copyOf(sequences);
        shares = List.copyOf(shares);
        if (sequences.isEmpty() || sequences.size() != shares.size()) {
            throw new IllegalArgumentException(sequences.size() + " sequences, " + shares.size() + " shares");
        }
    }

    /** What is only to be evaluated. */
    public static Part of(TrainableAdapter adapter, List<Sequence> sequences) {
        return new Part(adapter, sequences, Collections.nCopies(sequences.size(), 0F), 0);
    }

    /** How many tokens there are. */
    public int tokens() {
        return sequences.stream().mapToInt(Sequence::length).sum();
    }

    /** Some of its sequences. */
    public Part slice(int from, int to) {
        return new Part(adapter, sequences.subList(from, to), shares.subList(from, to), seed + from);
    }
}
