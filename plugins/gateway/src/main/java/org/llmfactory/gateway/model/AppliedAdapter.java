package org.llmfactory.gateway.model;

import java.util.Objects;

/**
 * An adapter that takes part in an answer.
 *
 * @param id the adapter's UUID
 * @param name what people call it
 * @param digest its identity
 * @param weight its part in the mix
 */
public record AppliedAdapter(String id, String name, String digest, float weight) {
    public AppliedAdapter {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(digest, "digest");
    }
}
