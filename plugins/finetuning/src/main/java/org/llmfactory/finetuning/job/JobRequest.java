package org.llmfactory.finetuning.job;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.training.Hyperparameters.Schedule;
import org.llmfactory.api.training.Stage;

/**
 * What was ordered. Null stands for {@code "auto"}.
 *
 * @param model id of the base model
 * @param baseDigest its digest when the job was created
 * @param contextLength its context
 * @param suffix normalised; empty for none
 * @param apiKey id of the key it was ordered with
 */
public record JobRequest(
        String model,
        String baseDigest,
        int contextLength,
        String trainingFile,
        @Nullable String validationFile,
        String suffix,
        long seed,
        int priority,
        Map<String, String> metadata,
        @Nullable String apiKey,
        Stage stage,
        Wanted wanted) {
    /** How it is to be trained. */
    public record Wanted(
            @Nullable Integer epochs,
            @Nullable Integer batchSize,
            @Nullable Double multiplier,
            @Nullable Double beta,
            @Nullable Double learningRate,
            @Nullable Schedule schedule,
            @Nullable Double warmupRatio,
            @Nullable Double weightDecay,
            @Nullable Integer maxLength,
            @Nullable Integer evaluations,
            @Nullable Integer patience,
            @Nullable Integer rank,
            @Nullable Double alpha,
            @Nullable Double dropout,
            @Nullable Set<String> targetModules,
            boolean rankStabilized,
            boolean weightDecomposed) {}

    public JobRequest {
        metadata = Map.copyOf(metadata);
    }
}
