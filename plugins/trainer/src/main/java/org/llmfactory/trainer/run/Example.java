package org.llmfactory.trainer.run;

import java.util.List;
import org.llmfactory.trainer.compute.Sequence;

/**
 * What counts as one in a batch: a conversation; several pieces of text that fill a length together; or a preferred and
 * another answer, in this order.
 */
record Example(List<Sequence> sequences) {
    Example {
        sequences = List.copyOf(sequences);
    }

    int tokens() {
        return sequences.stream().mapToInt(Sequence::length).sum();
    }

    int trainedTokens() {
        return sequences.stream().mapToInt(Sequence::trainedTokens).sum();
    }
}
