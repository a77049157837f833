package org.llmfactory.api.training;

import java.util.Set;

/**
 * The shape of an adapter, in PEFT's words.
 *
 * @param rank 1 to 256
 * @param alpha the change is scaled by {@code alpha / rank}, or with {@code rankStabilized} by {@code alpha / sqrt(rank)}
 * @param targetModules projections that it changes, for example {@code q_proj}; at least one
 * @param dropout probability that an input of the adapter is dropped while it is trained, 0 to below 1
 * @param rankStabilized whether it is an rsLoRA (Kalajdzievski 2023)
 * @param weightDecomposed whether it is a DoRA (Liu et al. 2024)
 */
public record LoraParameters(
        int rank,
        double alpha,
        Set<String> targetModules,
        double dropout,
        boolean rankStabilized,
        boolean weightDecomposed) {
    public LoraParameters {
        targetModules = Set.copyOf(targetModules);
    }

    /** Rank 16, alpha 32, all seven projections. */
    public static LoraParameters defaults() {
        return new LoraParameters(
                16,
                32,
                Set.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
                0,
                false,
                false);
    }
}
