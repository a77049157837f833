package org.llmfactory.search;

import java.util.List;
import java.util.SplittableRandom;

/** Each gives most to what was seen, and a little to everything: the less, the more was seen. */
final class ChoiceKernels implements Kernels {
    private final int size;
    private final List<Double> values;
    private final double little;

    ChoiceKernels(Parameter.Choice choice, List<Double> values) {
        this.size = choice.size();
        this.values = values;
        this.little = 1.0 / (values.size() + 1);
    }

    @Override
    public double draw(int kernel, SplittableRandom random) {
        boolean any = kernel == values.size() || random.nextDouble() * (1 + size * little) >= 1;
        return any ? random.nextInt(size) : values.get(kernel);
    }

    @Override
    public double at(int kernel, double value) {
        if (kernel == values.size()) {
            return 1.0 / size;
        }
        return ((values.get(kernel) == value ? 1 : 0) + little) / (1 + size * little);
    }
}
