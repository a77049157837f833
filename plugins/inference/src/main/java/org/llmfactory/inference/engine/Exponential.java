package org.llmfactory.inference.engine;

/**
 * e to the power of something that is not positive, to ten digits: enough for probabilities, and faster than the exact
 * function. It is computed for the whole vocabulary at every token that is drawn.
 *
 * <p>e^x = 2^(n/64) · e^f with a whole n and |f| below 0.0055: the first factor from a table and the exponent's bits, the
 * second from the beginning of its series.
 */
final class Exponential {
    private static final int STEPS = 64;
    private static final int STEPS_LOG2 = 6;
    private static final double STEPS_PER_UNIT = STEPS / Math.log(2);
    private static final double UNITS_PER_STEP = Math.log(2) / STEPS;
    private static final double[] ROOTS = new double[STEPS];
    /** Added to a number, it leaves the number's whole part in the lowest bits. */
    private static final double ROUNDER = 0x1.8p52;

    private static final int EXPONENT_BIAS = 1023;
    private static final int MANTISSA_BITS = 52;
    /** Below it, the result is zero: one part in 10^217. */
    private static final double LEAST = -500;

    static {
        for (int i = 0; i < STEPS; i++) {
            ROOTS[i] = Math.pow(2, (double) i / STEPS);
        }
    }

    private Exponential() {}

    /** For {@code x <= 0}; minus infinity gives zero. */
    static double of(double x) {
        if (x < LEAST) {
            return 0;
        }
        double rounded = x * STEPS_PER_UNIT + ROUNDER;
        long n = Double.doubleToRawLongBits(rounded);
        double f = x - (rounded - ROUNDER) * UNITS_PER_STEP;
        double series = 1 + f * (1 + f * (1.0 / 2 + f * (1.0 / 6)));
        double power = Double.longBitsToDouble(((n >> STEPS_LOG2) + EXPONENT_BIAS) << MANTISSA_BITS);
        return power * ROOTS[(int) n & (STEPS - 1)] * series;
    }
}
