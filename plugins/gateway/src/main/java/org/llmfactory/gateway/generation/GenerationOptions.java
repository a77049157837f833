package org.llmfactory.gateway.generation;

import java.util.Objects;
import java.util.OptionalInt;
import org.llmfactory.api.inference.SamplingParameters;

/**
 * How to answer, whatever the prompt.
 *
 * @param sampling how tokens are picked
 * @param stop when to end
 * @param maxTokens tokens of one answer at most; empty for what the context has room for
 * @param promptLogprobs whether the prompt's own log probabilities are wanted
 */
public record GenerationOptions(
        SamplingParameters sampling, StopRules stop, OptionalInt maxTokens, boolean promptLogprobs) {
    public GenerationOptions {
        Objects.requireNonNull(sampling, "sampling");
        Objects.requireNonNull(stop, "stop");
        Objects.requireNonNull(maxTokens, "maxTokens");
    }
}
