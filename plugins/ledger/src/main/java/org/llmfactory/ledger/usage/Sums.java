package org.llmfactory.ledger.usage;

import org.llmfactory.api.ledger.Usage;

/**
 * Counts added up.
 *
 * @param input tokens of prompts, cached ones included
 * @param cached of these, found in the prefix cache
 * @param output tokens generated
 * @param audioMillis milliseconds of audio
 */
public record Sums(long requests, long input, long cached, long output, long audioMillis) {
    static Sums of(Usage usage) {
        return new Sums(
                1, usage.inputTokens(), usage.cachedTokens(), usage.outputTokens(), Math.round(usage.seconds() * 1000));
    }

    public Sums plus(Sums other) {
        return new Sums(
                requests + other.requests,
                input + other.input,
                cached + other.cached,
                output + other.output,
                audioMillis + other.audioMillis);
    }
}
