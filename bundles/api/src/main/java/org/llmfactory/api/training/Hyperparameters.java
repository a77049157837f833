package org.llmfactory.api.training;

import java.util.Objects;

/**
 * How an adapter is trained, all values decided.
 *
 * @param epochs passes over the data, at least 1
 * @param batchSize examples of one optimizer step, at least 1; the trainer may compute them in several parts
 * @param learningRate the highest one, above 0
 * @param schedule how it falls after the warm-up
 * @param warmupRatio share of the steps over which it rises from 0, 0 to 1
 * @param weightDecay of AdamW, 0 or more
 * @param maxGradientNorm gradients are scaled down to this norm, above 0
 * @param maxLength tokens of an example at most; a longer one is cut at its end
 * @param seed of the adapter's first values, the order of the data and dropout
 * @param evaluations how often, evenly spread over the run, the validation data is measured and a checkpoint stored, at
 *     least 1; the last one is the end of the run
 * @param patience the run ends early after this many evaluations without a lower validation loss; 0 for never
 * @param beta of direct preference optimization, above 0
 * @param lora the shape of the adapter
 */
public record Hyperparameters(
        int epochs,
        int batchSize,
        double learningRate,
        Schedule schedule,
        double warmupRatio,
        double weightDecay,
        double maxGradientNorm,
        int maxLength,
        long seed,
        int evaluations,
        int patience,
        double beta,
        LoraParameters lora) {
    /** Shapes of the learning rate after the warm-up. */
    public enum Schedule {
        CONSTANT,
        LINEAR,
        COSINE
    }

    public Hyperparameters {
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(lora, "lora");
    }
}
