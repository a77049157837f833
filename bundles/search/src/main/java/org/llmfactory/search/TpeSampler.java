package org.llmfactory.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The tree-structured Parzen estimator (Bergstra et al. 2011) over all parameters together, with the settings that Optuna 5 has
 * by default: after ten trials at random, two densities are estimated, one from the best tenth of the trials and one from
 * all others, and of 24 points drawn from the first the one is proposed whose ratio of both is the highest. Trials that
 * run or have failed count among the others, so that workers side by side do not try the same.
 */
final class TpeSampler implements Sampler {
    private static final int AT_RANDOM = 10;
    private static final int CANDIDATES = 24;
    private static final int MOST_GOOD = 25;

    private final RandomSampler random = new RandomSampler();

    @Override
    public Map<String, Double> propose(List<Parameter> space, List<Trial> trials, long seed) {
        List<Trial> done = trials.stream()
                .filter(trial -> trial.loss().isPresent())
                .sorted(Comparator.comparingDouble(trial -> trial.loss().orElseThrow()))
                .toList();
        if (done.size() < AT_RANDOM) {
            return random.propose(space, trials, seed);
        }
        List<Trial> good = done.subList(0, Math.min(MOST_GOOD, (done.size() + 9) / 10));
        List<Trial> others = new ArrayList<>(trials);
        good.forEach(others::remove);
        Mixture near = new Mixture(space, good);
        Mixture far = new Mixture(space, others);
        SplittableRandom source = RandomSampler.random(seed, trials.size());
        Map<String, Double> best = near.draw(source);
        for (int i = 1; i < CANDIDATES; i++) {
            Map<String, Double> candidate = near.draw(source);
            if (near.log(candidate) - far.log(candidate) > near.log(best) - far.log(best)) {
                best = candidate;
            }
        }
        return best;
    }
}
