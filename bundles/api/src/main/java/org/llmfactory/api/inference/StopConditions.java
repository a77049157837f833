package org.llmfactory.api.inference;

import java.util.Set;

/**
 * When a generation ends. Stop strings are not here: text is the caller's side, which ends the generation through {@link
 * TokenSink#isCancelled}.
 *
 * @param maxTokens tokens to generate at most; 0 computes the prompt only
 * @param stopTokens ids that end the generation; the id itself is reported as the last token
 * @param ignoreStopTokens generate on over stop tokens, as load tests do
 */
public record StopConditions(int maxTokens, Set<Integer> stopTokens, boolean ignoreStopTokens) {
    public StopConditions {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("maxTokens must not be negative");
        }
        stopTokens = Set.copyOf(stopTokens);
    }
}
