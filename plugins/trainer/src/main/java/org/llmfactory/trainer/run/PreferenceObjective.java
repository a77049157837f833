package org.llmfactory.trainer.run;

import java.util.ArrayList;
import java.util.List;
import org.llmfactory.trainer.compute.Figures;
import org.llmfactory.trainer.data.Example;

/**
 * Direct preference optimization (Rafailov et al. 2023): -log σ(β (Δ - Δ₀)), where Δ is how much likelier the preferred
 * answer is than the other one, Δ₀ the same by the base model alone.
 */
final class PreferenceObjective implements Objective {
    private final double beta;
    private final double[] reference;

    /**
     * @param reference Δ₀ of each example of the data
     */
    PreferenceObjective(double beta, double[] reference) {
        this.beta = beta;
        this.reference = reference.clone();
    }

    /** How much likelier the first sequence of a pair is than the second. */
    static double advantage(Figures preferred, Figures other) {
        return other.loss() - preferred.loss();
    }

    @Override
    public boolean needsFigures() {
        return true;
    }

    @Override
    public List<Float> shares(List<Example> batch, List<Integer> places, List<Figures> figures) {
        List<Float> shares = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            double slope = beta * sigmoid(-margin(places.get(i), figures, i)) / batch.size();
            shares.add((float) slope);
            shares.add((float) -slope);
        }
        return shares;
    }

    @Override
    public Outcome outcome(List<Example> batch, List<Integer> places, List<Figures> figures) {
        double loss = 0;
        int right = 0;
        for (int i = 0; i < batch.size(); i++) {
            double margin = margin(places.get(i), figures, i);
            // log(1 + e^-m), without overflow
            loss += Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
            right += margin > 0 ? 1 : 0;
        }
        int pairs = Math.max(1, batch.size());
        return new Outcome(loss / pairs, (double) right / pairs, batch.size());
    }

    private double margin(int place, List<Figures> figures, int pair) {
        return beta * (advantage(figures.get(2 * pair), figures.get(2 * pair + 1)) - reference[place]);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
