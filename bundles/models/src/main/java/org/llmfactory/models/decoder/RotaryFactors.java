package org.llmfactory.models.decoder;

import java.util.List;

/**
 * The rotary frequencies of a decoder, computed in single precision step by step as the transformers library does, so
 * that long positions agree to the last bit.
 */
public final class RotaryFactors {
    private final float[] inverseFrequencies;
    private final float attentionScale;

    private RotaryFactors(float[] inverseFrequencies, double attentionScale) {
        this.inverseFrequencies = inverseFrequencies;
        this.attentionScale = (float) attentionScale;
    }

    /**
     * The factors of a model.
     *
     * @param longContext whether the sequence goes beyond {@link #longContextThreshold}; only LongRoPE cares
     */
    public static RotaryFactors of(DecoderConfig config, boolean longContext) {
        float[] periods = periods(config);
        RopeScaling scaling = config.rope();
        if (scaling instanceof RopeScaling.Linear linear) {
            return new RotaryFactors(linear(periods, linear), 1);
        }
        if (scaling instanceof RopeScaling.Llama3 llama3) {
            return new RotaryFactors(llama3(periods, llama3), 1);
        }
        if (scaling instanceof RopeScaling.Yarn yarn) {
            return new RotaryFactors(yarn(periods, config, yarn), yarn.attentionScale());
        }
        if (scaling instanceof RopeScaling.LongRope longRope) {
            List<Double> factors = longContext ? longRope.longFactors() : longRope.shortFactors();
            return new RotaryFactors(divided(periods, factors), longRope.attentionScale());
        }
        return new RotaryFactors(inverse(periods), 1);
    }

    /** The longest sequence the short factors are for; {@code Integer.MAX_VALUE} when length makes no difference. */
    public static int longContextThreshold(DecoderConfig config) {
        return config.rope() instanceof RopeScaling.LongRope longRope
                        && !longRope.shortFactors().equals(longRope.longFactors())
                ? longRope.originalContextLength()
                : Integer.MAX_VALUE;
    }

    /** Half the head's width of angles, one for each pair of dimensions, that a position step turns it by. */
    public float[] inverseFrequencies() {
        return inverseFrequencies.clone();
    }

    /** Multiplies cosine and sine. */
    public float attentionScale() {
        return attentionScale;
    }

    private static float[] periods(DecoderConfig config) {
        float[] periods = new float[config.headDim() / 2];
        for (int i = 0; i < periods.length; i++) {
            float exponent = 2f * i / config.headDim();
            periods[i] = (float) Math.pow(config.ropeTheta(), exponent);
        }
        return periods;
    }

    private static float[] inverse(float[] periods) {
        float[] result = new float[periods.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = 1f / periods[i];
        }
        return result;
    }

    private static float[] linear(float[] periods, RopeScaling.Linear scaling) {
        float[] result = inverse(periods);
        for (int i = 0; i < result.length; i++) {
            result[i] /= (float) scaling.factor();
        }
        return result;
    }

    private static float[] divided(float[] periods, List<Double> factors) {
        float[] result = new float[periods.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = 1f / (factors.get(i).floatValue() * periods[i]);
        }
        return result;
    }

    private static float[] llama3(float[] periods, RopeScaling.Llama3 scaling) {
        float factor = (float) scaling.factor();
        float original = scaling.originalContextLength();
        float low = (float) scaling.lowFrequencyFactor();
        float blendWidth = (float) (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
        double longest = scaling.originalContextLength() / scaling.lowFrequencyFactor();
        double shortest = scaling.originalContextLength() / scaling.highFrequencyFactor();
        float[] result = inverse(periods);
        for (int i = 0; i < result.length; i++) {
            float waveLength = (float) (2 * Math.PI) / result[i];
            if (waveLength > longest) {
                result[i] /= factor;
            } else if (waveLength >= shortest) {
                float smooth = (original / waveLength - low) / blendWidth;
                result[i] = (1 - smooth) * result[i] / factor + smooth * result[i];
            }
        }
        return result;
    }

    private static float[] yarn(float[] periods, DecoderConfig config, RopeScaling.Yarn scaling) {
        double low = correction(scaling.betaFast(), config, scaling);
        double high = correction(scaling.betaSlow(), config, scaling);
        if (scaling.truncate()) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, config.headDim() - 1);
        if (low == high) {
            high += 0.001; // transformers' guard against a division by zero
        }
        float[] result = new float[periods.length];
        for (int i = 0; i < result.length; i++) {
            float ramp = Math.max(0, Math.min(1, (i - (float) low) / (float) (high - low)));
            float kept = 1 - ramp;
            float stretched = 1f / ((float) scaling.factor() * periods[i]);
            result[i] = stretched * (1 - kept) + 1f / periods[i] * kept;
        }
        return result;
    }

    /** The dimension that turns {@code rotations} times within the original context. */
    private static double correction(double rotations, DecoderConfig config, RopeScaling.Yarn scaling) {
        return config.headDim()
                * Math.log(scaling.originalContextLength() / (rotations * 2 * Math.PI))
                / (2 * Math.log(config.ropeTheta()));
    }
}
