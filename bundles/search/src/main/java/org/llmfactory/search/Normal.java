package org.llmfactory.search;

/** The standard normal distribution. */
final class Normal {
    private Normal() {}

    /** Its density. */
    static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /** The probability of at most {@code x}; the relative error is below 1.2e-7 (Press et al. 1992, Numerical Recipes, erfc). */
    static double below(double x) {
        double z = Math.abs(x) / Math.sqrt(2);
        double t = 1 / (1 + z / 2);
        double[] factors = {
            0.17087277,
            -0.82215223,
            1.48851587,
            -1.13520398,
            0.27886807,
            -0.18628806,
            0.09678418,
            0.37409196,
            1.00002368,
            -1.26551223
        };
        double sum = 0;
        for (double factor : factors) {
            sum = sum * t + factor;
        }
        double tail = t * Math.exp(-z * z + sum) / 2;
        return x < 0 ? tail : 1 - tail;
    }
}
