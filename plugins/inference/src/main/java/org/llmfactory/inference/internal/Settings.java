package org.llmfactory.inference.internal;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.inference.engine.EngineLimits;
import org.llmfactory.inference.runner.RunnerOptions;
import org.llmfactory.torch.DType;

/**
 * The configuration in the engine's own terms.
 *
 * @param models ids to serve, or {@code *}
 */
record Settings(Set<String> models, EngineLimits limits, RunnerOptions options) {
    private static final long MEBIBYTE = 1L << 20;

    Settings {
        models = Set.copyOf(models);
    }

    /**
     * Reads a configuration.
     *
     * @throws IllegalArgumentException saying which value is out of range
     */
    static Settings of(Config config) {
        EngineLimits limits = new EngineLimits(
                config.maxSequences(),
                config.maxTokensPerStep(),
                config.maxQueuedRequests(),
                config.maxQueuedRequestsPerTenant(),
                config.adapterMebibytes() * MEBIBYTE,
                config.adapterLoaders(),
                Duration.ofSeconds(config.adapterStarvationSeconds()),
                config.criticalFailures());
        RunnerOptions options = new RunnerOptions(
                weightType(config.weightType()),
                config.keyValueMebibytes() * MEBIBYTE,
                config.blockTokens(),
                config.maxTokensPerStep());
        return new Settings(Set.of(config.models()), limits, options);
    }

    boolean serves(String model) {
        return models.contains("*") || models.contains(model);
    }

    private static Optional<DType> weightType(String name) {
        if (name.equals("auto")) {
            return Optional.empty();
        }
        try {
            return Optional.of(DType.valueOf(name.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("weightType must be auto, float32 or bfloat16, not " + name, e);
        }
    }
}
