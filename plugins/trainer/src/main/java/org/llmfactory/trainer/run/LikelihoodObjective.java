package org.llmfactory.trainer.run;

import java.util.Collections;
import java.util.List;
import org.llmfactory.trainer.compute.Figures;
import org.llmfactory.trainer.data.Example;

/** The mean negative log-likelihood of the tokens that count, over the whole batch. */
final class LikelihoodObjective implements Objective {
    @Override
    public boolean needsFigures() {
        return false;
    }

    @Override
    public List<Float> shares(List<Example> batch, List<Integer> places, List<Figures> figures) {
        int tokens = batch.stream().mapToInt(Example::trainedTokens).sum();
        int sequences =
                batch.stream().mapToInt(example -> example.sequences().size()).sum();
        return Collections.nCopies(sequences, 1F / tokens);
    }

    @Override
    public Outcome outcome(List<Example> batch, List<Integer> places, List<Figures> figures) {
        Figures all = figures.stream().reduce(Figures.NONE, Figures::plus);
        return new Outcome(all.meanLoss(), all.accuracy(), all.count());
    }
}
