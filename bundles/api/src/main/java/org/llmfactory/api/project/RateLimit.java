package org.llmfactory.api.project;

/**
 * What may come in a minute.
 *
 * @param requestsPerMinute at least 1
 * @param tokensPerMinute input and output together, at least 1
 */
public record RateLimit(int requestsPerMinute, long tokensPerMinute) {
    public RateLimit {
        if (requestsPerMinute < 1 || tokensPerMinute < 1) {
            throw new IllegalArgumentException("limits are at least 1");
        }
    }
}
