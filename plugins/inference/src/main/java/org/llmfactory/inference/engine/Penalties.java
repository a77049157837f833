package org.llmfactory.inference.engine;

import java.util.Map;
import org.llmfactory.api.inference.SamplingParameters;

/** Changes logits by what was said before, and by the caller's biases. Reuses its memory; one thread at a time. */
final class Penalties {
    /** How often each token was met; all zero between calls. */
    private final int[] counts;

    Penalties(int vocabularySize) {
        counts = new int[vocabularySize];
    }

    static boolean any(SamplingParameters sampling) {
        return sampling.repetitionPenalty() != 1
                || sampling.frequencyPenalty() != 0
                || sampling.presencePenalty() != 0
                || !sampling.logitBias().isEmpty();
    }

    /** Changes the logits in place. */
    void apply(float[] logits, Sequence sequence) {
        SamplingParameters sampling = sequence.sampling();
        if (sampling.repetitionPenalty() != 1) {
            penalizeRepetition(logits, sequence, sampling.repetitionPenalty());
        }
        if (sampling.frequencyPenalty() != 0 || sampling.presencePenalty() != 0) {
            penalizeUse(logits, sequence, sampling.frequencyPenalty(), sampling.presencePenalty());
        }
        for (Map.Entry<Integer, Float> bias : sampling.logitBias().entrySet()) {
            logits[bias.getKey()] += bias.getValue();
        }
    }

    private void penalizeRepetition(float[] logits, Sequence sequence, float penalty) {
        int[] tokens = sequence.tokens();
        for (int i = 0; i < sequence.length(); i++) {
            int token = tokens[i];
            if (counts[token]++ == 0) {
                logits[token] = logits[token] > 0 ? logits[token] / penalty : logits[token] * penalty;
            }
        }
        forget(tokens, 0, sequence.length());
    }

    private void penalizeUse(float[] logits, Sequence sequence, float frequency, float presence) {
        int[] tokens = sequence.tokens();
        for (int i = sequence.promptLength(); i < sequence.length(); i++) {
            counts[tokens[i]]++;
        }
        for (int i = sequence.promptLength(); i < sequence.length(); i++) {
            int token = tokens[i];
            if (counts[token] > 0) {
                logits[token] -= frequency * counts[token] + presence;
                counts[token] = 0;
            }
        }
    }

    private void forget(int[] tokens, int from, int to) {
        for (int i = from; i < to; i++) {
            counts[tokens[i]] = 0;
        }
    }
}
