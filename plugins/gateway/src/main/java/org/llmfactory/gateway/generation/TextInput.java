package org.llmfactory.gateway.generation;

import java.util.List;

/**
 * What a request wants answered.
 *
 * @param prompts token ids, at least one prompt
 * @param texts what the caller wrote, for the content policy
 */
public record TextInput(List<int[]> prompts, List<String> texts) {
    public TextInput {
        prompts = List.copyOf(prompts);
        texts = List.copyOf(texts);
    }

    /** Tokens of all prompts, each counted once. */
    long tokens() {
        return prompts.stream().mapToLong(prompt -> prompt.length).sum();
    }
}
