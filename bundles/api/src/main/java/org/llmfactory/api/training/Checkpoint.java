package org.llmfactory.api.training;

import java.util.Objects;
import java.util.Optional;

/**
 * A stored state of an adapter in training, usable as an adapter.
 *
 * @param step after which it was stored
 * @param prefix in the object store: {@code <prefix>/adapter_config.json} and {@code <prefix>/adapter_model.safetensors}
 * @param training the last step's figures
 * @param validation loss and accuracy over all the validation data; empty without any
 */
public record Checkpoint(int step, String prefix, StepReport training, Optional<Evaluation> validation) {
    /**
     * Figures over a whole set of data.
     *
     * @param loss see {@link StepReport#loss()}
     * @param accuracy see {@link StepReport#accuracy()}
     */
    public record Evaluation(double loss, double accuracy) {}

    public Checkpoint {
        Objects.requireNonNull(prefix, "prefix");
        Objects.requireNonNull(training, "training");
        Objects.requireNonNull(validation, "validation");
    }
}
