package org.llmfactory.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Draws every value by itself, evenly. */
final class RandomSampler implements Sampler {
    @Override
    public Map<String, Double> propose(List<Parameter> space, List<Trial> trials, long seed) {
        SplittableRandom random = random(seed, trials.size());
        Map<String, Double> values = new LinkedHashMap<>();
        space.forEach(parameter -> values.put(parameter.name(), draw(parameter, random)));
        return values;
    }

    /** A source of numbers for the trial of a number. */
    static SplittableRandom random(long seed, int trial) {
        return new SplittableRandom(new SplittableRandom(seed).nextLong() + trial);
    }

    private static double draw(Parameter parameter, SplittableRandom random) {
        if (parameter instanceof Parameter.Choice choice) {
            return random.nextInt(choice.size());
        }
        Scale scale = new Scale((Parameter.Range) parameter);
        return scale.value(scale.low() + random.nextDouble() * scale.width());
    }
}
