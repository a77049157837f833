package org.llmfactory.api.inference;

import java.time.Duration;

/**
 * What a generation cost.
 *
 * @param promptTokens ids in the prompt
 * @param cachedTokens of these, found in the prefix cache
 * @param completionTokens ids generated
 * @param queueTime from submission to the first step
 * @param adapterLoadTime spent waiting for adapters
 * @param timeToFirstToken from submission; zero when none was generated
 * @param totalTime from submission to the end
 */
public record GenerationUsage(
        int promptTokens,
        int cachedTokens,
        int completionTokens,
        Duration queueTime,
        Duration adapterLoadTime,
        Duration timeToFirstToken,
        Duration totalTime) {}
