package org.llmfactory.models.decoder;

import java.util.List;

/** How a model stretches its rotary positions beyond the length it was first trained for. */
public sealed interface RopeScaling {
    /** No stretching. */
    RopeScaling NONE = new None();

    /**
     * The tokens a model can be given. Published YaRN recipes leave the configured length as it was before stretching.
     *
     * @param configured what the model's configuration says
     */
    static int contextLength(int configured, RopeScaling scaling) {
        if (scaling instanceof Yarn yarn) {
            double stretched = yarn.factor() * yarn.originalContextLength();
            return (int) Math.min(ConfigLimits.CONTEXT, Math.max(configured, stretched));
        }
        return configured;
    }

    /** Rotary positions as they are. */
    record None() implements RopeScaling {}

    /**
     * Every frequency divided by the same factor.
     *
     * @param factor at least 1
     */
    record Linear(double factor) implements RopeScaling {}

    /**
     * Llama 3.1: low frequencies are divided by the factor, high ones kept, those between are blended.
     *
     * @param originalContextLength tokens of the first training
     */
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, int originalContextLength)
            implements RopeScaling {}

    /**
     * YaRN (Peng et al., 2023).
     *
     * @param factor how far the frequencies are stretched
     * @param attentionScale what multiplies cosine and sine
     * @param betaFast rotations above which a dimension is kept
     * @param betaSlow rotations below which a dimension is stretched
     * @param truncate whether the bounds of the blend are whole dimensions
     */
    record Yarn(
            double factor,
            double attentionScale,
            double betaFast,
            double betaSlow,
            boolean truncate,
            int originalContextLength)
            implements RopeScaling {
        /** What YaRN's authors multiply cosine and sine by, {@code 0.1 * scale * ln(factor) + 1}. */
        static double magnitude(double factor, double scale) {
            return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
        }
    }

    /**
     * LongRoPE: a factor for every frequency, one set for sequences within the original context and one for longer.
     *
     * @param attentionScale what multiplies cosine and sine
     */
    record LongRope(
            List<Double> shortFactors, List<Double> longFactors, double attentionScale, int originalContextLength)
            implements RopeScaling {
        public LongRope {
            shortFactors = List.copyOf(shortFactors);
            longFactors = List.copyOf(longFactors);
        }
    }
}
