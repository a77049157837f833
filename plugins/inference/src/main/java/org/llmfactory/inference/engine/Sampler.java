package org.llmfactory.inference.engine;

import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.inference.runner.StepOutput;

/**
 * Picks the next token. What it picks depends on the logits, the request and the position alone, not on the batch.
 * Reuses its memory; one thread at a time.
 */
final class Sampler {
    private final float[] logits;
    private final float[] adjusted;
    private final Penalties penalties;
    private final TokenPicker picker;

    Sampler(int vocabularySize) {
        logits = new float[vocabularySize];
        adjusted = new float[vocabularySize];
        penalties = new Penalties(vocabularySize);
        picker = new TokenPicker(vocabularySize);
    }

    /**
     * The token that follows a sequence.
     *
     * @throws FactoryException {@code INTERNAL} when the logits are no numbers
     */
    GeneratedToken next(StepOutput output, int row, Sequence sequence) {
        SamplingParameters sampling = sequence.sampling();
        boolean penalized = Penalties.any(sampling);
        if (sampling.isGreedy() && !penalized && sampling.topLogprobs() < 0) {
            return GeneratedToken.of(output.argmax(row));
        }
        output.logits(row, logits);
        float[] values = logits;
        if (penalized) {
            System.arraycopy(logits, 0, adjusted, 0, logits.length);
            penalties.apply(adjusted, sequence);
            values = adjusted;
        }
        int token = pick(values, sequence);
        return sampling.topLogprobs() < 0
                ? GeneratedToken.of(token)
                : LogProbabilities.describe(logits, token, sampling.topLogprobs());
    }

    /** How likely a token was that follows the one of this row, whoever picked it. */
    GeneratedToken describe(StepOutput output, int row, int token, int top) {
        output.logits(row, logits);
        greatest(logits);
        return LogProbabilities.describe(logits, token, top);
    }

    private int pick(float[] values, Sequence sequence) {
        int likeliest = greatest(values);
        if (sequence.sampling().isGreedy()) {
            return likeliest;
        }
        double draw = Draws.uniform(sequence.seed(), sequence.completionLength());
        return picker.pick(values, values[likeliest], sequence.sampling(), draw);
    }

    private static int greatest(float[] values) {
        int greatest = 0;
        boolean number = true;
        for (int id = 0; id < values.length; id++) {
            number &= !Float.isNaN(values[id]);
            if (values[id] > values[greatest]) {
                greatest = id;
            }
        }
        if (!number || !Float.isFinite(values[greatest])) {
            throw new FactoryException(
                    ErrorCode.INTERNAL,
                    "The model computed no usable numbers for this request; an adapter or a weight of the mix may be"
                            + " out of range.");
        }
        return greatest;
    }
}
