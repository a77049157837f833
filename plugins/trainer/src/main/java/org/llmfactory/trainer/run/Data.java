package org.llmfactory.trainer.run;

import java.util.List;
import org.llmfactory.trainer.data.Example;

/**
 * What a run learns from, as tokens.
 *
 * @param training at least one example
 * @param validation may be empty
 * @param cut how many training examples were longer than allowed
 */
record Data(List<Example> training, List<Example> validation, int cut) {
    Data {
        training = List.copyOf(training);
        validation = List.copyOf(validation);
    }

    /** Tokens of one pass over the training data. */
    long tokens() {
        return training.stream().mapToLong(Example::tokens).sum();
    }
}
