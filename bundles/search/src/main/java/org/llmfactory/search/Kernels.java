package org.llmfactory.search;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Densities of one parameter: one around each value that was seen, in their order, and last one over all values, for what
 * was not seen.
 */
interface Kernels {
    /** Those of some values, possibly none. */
    static Kernels of(Parameter parameter, List<Double> values) {
        return parameter instanceof Parameter.Choice choice
                ? new ChoiceKernels(choice, values)
                : new NumberKernels((Parameter.Range) parameter, values);
    }

    /** Draws a value from one of them. */
    double draw(int kernel, SplittableRandom random);

    /** How dense one of them is at a value, or how probable the value is where values are countable; above 0. */
    double at(int kernel, double value);
}
