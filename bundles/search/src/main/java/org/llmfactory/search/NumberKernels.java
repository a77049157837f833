package org.llmfactory.search;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Normal densities, each as wide as its neighbours are far, cut off at the bounds. */
final class NumberKernels implements Kernels {
    private static final int TRIES = 100;
    private static final double LEAST = 1e-300;

    private final Scale scale;
    private final double[] means;
    private final double[] widths;

    NumberKernels(Parameter.Range range, List<Double> values) {
        this.scale = new Scale(range);
        int count = values.size();
        this.means = new double[count + 1];
        this.widths = new double[count + 1];
        double[] sorted = values.stream().mapToDouble(scale::place).sorted().toArray();
        double least = scale.width() / Math.min(100, 2 + count);
        for (int i = 0; i < count; i++) {
            means[i] = scale.place(values.get(i));
            widths[i] = Math.max(least, Math.min(scale.width(), gap(sorted, means[i])));
        }
        means[count] = (scale.low() + scale.high()) / 2;
        widths[count] = scale.width();
    }

    /** The greater of the distances to the neighbours; those at the ends have one. */
    private double gap(double[] sorted, double mean) {
        if (sorted.length == 1) {
            return Math.max(mean - scale.low(), scale.high() - mean);
        }
        int at = Arrays.binarySearch(sorted, mean);
        double before = at == 0 ? 0 : mean - sorted[at - 1];
        double after = at == sorted.length - 1 ? 0 : sorted[at + 1] - mean;
        return Math.max(before, after);
    }

    @Override
    public double draw(int kernel, SplittableRandom random) {
        for (int i = 0; i < TRIES; i++) {
            double place = means[kernel] + random.nextGaussian() * widths[kernel];
            if (place >= scale.low() && place <= scale.high()) {
                return scale.value(place);
            }
        }
        return scale.value(means[kernel]);
    }

    @Override
    public double at(int kernel, double value) {
        double place = scale.place(value);
        double here = scale.half() == 0
                ? Normal.density((place - means[kernel]) / widths[kernel]) / widths[kernel]
                : mass(kernel, place - scale.half(), place + scale.half());
        return Math.max(LEAST, here / mass(kernel, scale.low(), scale.high()));
    }

    private double mass(int kernel, double from, double to) {
        return Normal.below((to - means[kernel]) / widths[kernel])
                - Normal.below((from - means[kernel]) / widths[kernel]);
    }
}
