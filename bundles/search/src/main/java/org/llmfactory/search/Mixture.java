package org.llmfactory.search;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** The density of all parameters together that some trials suggest: a kernel for each, and one for what was not tried. */
final class Mixture {
    private final Map<Parameter, Kernels> kernels = new LinkedHashMap<>();
    private final int count;

    Mixture(List<Parameter> space, List<Trial> trials) {
        this.count = trials.size() + 1;
        space.forEach(parameter -> kernels.put(
                parameter,
                Kernels.of(
                        parameter,
                        trials.stream()
                                .map(trial -> of(trial.values(), parameter))
                                .toList())));
    }

    Map<String, Double> draw(SplittableRandom random) {
        int kernel = random.nextInt(count);
        Map<String, Double> values = new LinkedHashMap<>();
        kernels.forEach((parameter, of) -> values.put(parameter.name(), of.draw(kernel, random)));
        return values;
    }

    double log(Map<String, Double> values) {
        double sum = Double.MIN_NORMAL;
        for (int kernel = 0; kernel < count; kernel++) {
            double product = 1;
            for (Map.Entry<Parameter, Kernels> of : kernels.entrySet()) {
                product *= of.getValue().at(kernel, of(values, of.getKey()));
            }
            sum += product;
        }
        return Math.log(sum / count);
    }

    private static double of(Map<String, Double> values, Parameter parameter) {
        return Objects.requireNonNull(values.get(parameter.name()), "a trial has a value for each parameter");
    }
}
