package org.llmfactory.api.inference;

import java.util.Map;
import java.util.OptionalLong;

/**
 * How the next token is picked from the logits. Penalties and biases are applied first, then the temperature, then
 * {@code topK}, {@code topP} and {@code minP}, in this order.
 *
 * @param temperature 0 to 2; 0 is greedy
 * @param topP 0 (exclusive) to 1; 1 is off
 * @param topK 1 or more; 0 is off
 * @param minP 0 to 1, relative to the likeliest token; 0 is off
 * @param repetitionPenalty above 0, over prompt and completion; 1 is off
 * @param frequencyPenalty -2 to 2, over the completion; 0 is off
 * @param presencePenalty -2 to 2, over the completion; 0 is off
 * @param logitBias added to the logits of these ids, -100 to 100
 * @param seed makes the request repeatable; empty for a random one
 * @param topLogprobs -1 for no log probabilities at all, 0 for that of the picked token only, up to 20 alternatives
 */
public record SamplingParameters(
        float temperature,
        float topP,
        int topK,
        float minP,
        float repetitionPenalty,
        float frequencyPenalty,
        float presencePenalty,
        Map<Integer, Float> logitBias,
        OptionalLong seed,
        int topLogprobs) {
    /** The likeliest token, always. */
    public static final SamplingParameters GREEDY =
            new SamplingParameters(0, 1, 0, 0, 1, 0, 0, Map.of(), OptionalLong.empty(), -1);

    public SamplingParameters {
        require(temperature >= 0 && temperature <= 2, "temperature must be between 0 and 2");
        require(topP > 0 && topP <= 1, "top_p must be above 0 and at most 1");
        require(topK >= 0, "top_k must not be negative");
        require(minP >= 0 && minP <= 1, "min_p must be between 0 and 1");
        require(repetitionPenalty > 0, "repetition_penalty must be above 0");
        require(Math.abs(frequencyPenalty) <= 2, "frequency_penalty must be between -2 and 2");
        require(Math.abs(presencePenalty) <= 2, "presence_penalty must be between -2 and 2");
        require(topLogprobs >= -1 && topLogprobs <= 20, "top_logprobs must be between 0 and 20");
        logitBias = Map.copyOf(logitBias);
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    public boolean isGreedy() {
        return temperature == 0;
    }
}
