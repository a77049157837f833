package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.RateLimit;

/**
 * A limit as OpenAI shows it.
 *
 * @param id {@code rl-} and the model
 * @param model a base model, or {@code *} for all without a limit of their own
 * @param limited our extension: whether there is a limit at all; where there is none the numbers are the greatest
 */
public record RateLimitObject(
        String object,
        String id,
        String model,
        @JsonProperty("max_requests_per_1_minute") long maxRequests,
        @JsonProperty("max_tokens_per_1_minute") long maxTokens,
        boolean limited) {
    /** Stands where nothing is limited. */
    static final int UNLIMITED = Integer.MAX_VALUE;

    static final String PREFIX = "rl-";

    static RateLimitObject of(String model, ProjectSettings settings) {
        Optional<RateLimit> limit = settings.rateLimit(model);
        return new RateLimitObject(
                "project.rate_limit",
                PREFIX + model,
                model,
                limit.map(RateLimit::requestsPerMinute).orElse(UNLIMITED),
                limit.map(RateLimit::tokensPerMinute).orElse((long) UNLIMITED),
                limit.isPresent());
    }
}
