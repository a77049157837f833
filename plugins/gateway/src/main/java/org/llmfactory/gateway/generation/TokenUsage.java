package org.llmfactory.gateway.generation;

import java.time.Duration;

/**
 * What a request cost, over all its sequences.
 *
 * @param promptTokens each prompt counted once, however many answers it has
 * @param cachedTokens of these, found in the prefix cache
 * @param completionTokens all tokens generated, also for candidates that were not chosen
 * @param queueTime longest wait for a place in the batch
 * @param timeToFirstToken shortest
 */
public record TokenUsage(
        int promptTokens, int cachedTokens, int completionTokens, Duration queueTime, Duration timeToFirstToken) {
    public int totalTokens() {
        return promptTokens + completionTokens;
    }
}
