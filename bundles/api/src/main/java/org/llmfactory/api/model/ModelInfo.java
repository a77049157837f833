package org.llmfactory.api.model;

import java.time.Instant;
import java.util.Objects;

/**
 * What is known of a base model without loading its weights.
 *
 * @param id the name people use, for example {@code SmolLM2-135M-Instruct}
 * @param digest SHA-256 of the weights and configuration, 64 lower-case hex digits; the model's identity
 * @param family the decoder family, for example {@code llama}
 * @param contextLength tokens that prompt and completion may have together
 * @param vocabularySize number of token ids; ids are 0 to {@code vocabularySize - 1}
 * @param created when the model was put on this agent
 */
public record ModelInfo(
        String id, String digest, String family, int contextLength, int vocabularySize, Instant created) {
    public ModelInfo {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(family, "family");
        Objects.requireNonNull(created, "created");
    }
}
