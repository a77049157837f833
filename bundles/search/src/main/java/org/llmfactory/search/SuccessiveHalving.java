package org.llmfactory.search;

import java.util.List;

/**
 * Asynchronous successive halving (Li et al. 2020): at the first, third, ninth … evaluation a trial goes on only if its
 * loss is among the best third of all that have come so far.
 */
public final class SuccessiveHalving {
    private static final int FACTOR = 3;

    private SuccessiveHalving() {}

    /**
     * Whether trials are compared after an evaluation.
     *
     * @param evaluation 1 for the first
     */
    public static boolean isRung(int evaluation) {
        int rung = 1;
        while (rung < evaluation) {
            rung *= FACTOR;
        }
        return rung == evaluation;
    }

    /**
     * Whether a trial goes on. With fewer than three at a rung only the best so far does.
     *
     * @param loss of the trial at the rung
     * @param others losses of the others there so far
     */
    public static boolean goesOn(double loss, List<Double> others) {
        long better = others.stream().filter(other -> other < loss).count();
        return better < Math.max(1, (others.size() + 1) / FACTOR);
    }
}
