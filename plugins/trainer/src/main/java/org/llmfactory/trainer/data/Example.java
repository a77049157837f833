package org.llmfactory.trainer.data;

import java.util.List;
import org.llmfactory.trainer.compute.Sequence;

/**
 * What counts as one in a batch: a conversation; several pieces of text that fill a length together; or a preferred and
 * another answer, in this order.
 */
public record Example(List<Sequence> sequences) {
    public Example {
        sequences = List.copyOf(sequences);
    }

    /** How many tokens there are. */
    public int tokens() {
        return sequences.stream().mapToInt(Sequence::length).sum();
    }

    /** How many tokens count in the loss. */
    public int trainedTokens() {
        return sequences.stream().mapToInt(Sequence::trainedTokens).sum();
    }
}
