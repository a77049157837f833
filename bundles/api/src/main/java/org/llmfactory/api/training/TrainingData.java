package org.llmfactory.api.training;

import java.util.Objects;

/**
 * A reference to data in the {@link org.llmfactory.api.storage.ObjectStore}; its bytes never travel with an order.
 *
 * @param key where the store holds it
 * @param filename tells the format together with the content
 * @param digest SHA-256 of the content, 64 lower-case hex digits; other content is refused
 */
public record TrainingData(String key, String filename, String digest) {
    public TrainingData {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(filename, "filename");
        Objects.requireNonNull(digest, "digest");
    }
}
