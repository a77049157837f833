package org.llmfactory.models.decoder;

/** The rotary frequencies of a decoder. */
public final class RotaryFactors {
    /**
     * @param longContext whether the sequence goes beyond {@link #longContextThreshold}; only LongRoPE cares
     */
    public static RotaryFactors of(DecoderConfig config, boolean longContext) {
        throw new UnsupportedOperationException();
    }

    /** Longest sequence for which the short factors hold; {@code Integer.MAX_VALUE} when there is no difference. */
    public static int longContextThreshold(DecoderConfig config) {
        throw new UnsupportedOperationException();
    }

    /** {@code headDim / 2} angles for one position step. */
    public float[] inverseFrequencies() {
        throw new UnsupportedOperationException();
    }

    /** Multiplies cosine and sine. */
    public float attentionScale() {
        throw new UnsupportedOperationException();
    }
}
