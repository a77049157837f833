package org.llmfactory.inference.engine;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Random numbers by position: the n-th draw of a seed is always the same, whatever was drawn before and in whatever
 * batch. The mixing function is SplitMix64's (Steele et al., 2014).
 */
final class Draws {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Draws() {}

    /** Uniform in [0, 1). */
    static double uniform(long seed, int position) {
        long bits = mix(mix(seed) + GOLDEN_GAMMA * (position + 1L));
        return (bits >>> 11) * 0x1.0p-53;
    }

    /** A seed for a request that brings none. */
    static long randomSeed() {
        return ThreadLocalRandom.current().nextLong();
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
