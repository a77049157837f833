package org.llmfactory.api.storage;

import java.time.Instant;
import java.util.Objects;

/**
 * Facts of a blob.
 *
 * @param key its name
 * @param size in bytes
 * @param modified when it was stored
 */
public record StoredObject(String key, long size, Instant modified) {
    public StoredObject {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(modified, "modified");
    }
}
