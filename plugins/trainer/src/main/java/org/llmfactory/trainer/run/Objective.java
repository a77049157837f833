package org.llmfactory.trainer.run;

import java.util.List;
import org.llmfactory.trainer.compute.Figures;
import org.llmfactory.trainer.data.Example;

/** What a run makes smaller. */
interface Objective {
    /**
     * Whether the shares depend on what the adapter finds before the step, so that the batch is evaluated first.
     */
    boolean needsFigures();

    /**
     * For each sequence of a batch how much each of its tokens counts in the loss.
     *
     * @param batch the examples
     * @param places their places in the data
     * @param figures of each sequence before the step; empty when they are not needed
     */
    List<Float> shares(List<Example> batch, List<Integer> places, List<Figures> figures);

    /** Loss and accuracy of examples from the figures of their sequences. */
    Outcome outcome(List<Example> batch, List<Integer> places, List<Figures> figures);

    /**
     * Loss and accuracy, and over how much they are means.
     *
     * @param weight number of tokens or pairs
     */
    record Outcome(double loss, double accuracy, double weight) {
        static final Outcome NONE = new Outcome(0, 0, 0);

        Outcome plus(Outcome other) {
            double both = weight + other.weight;
            if (both == 0) {
                return NONE;
            }
            return new Outcome(
                    (loss * weight + other.loss * other.weight) / both,
                    (accuracy * weight + other.accuracy * other.weight) / both,
                    both);
        }
    }
}
