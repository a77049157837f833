package org.llmfactory.trainer.remote.wire;

import java.time.Instant;
import org.llmfactory.api.storage.StoredObject;

/**
 * A {@link StoredObject} in a message.
 *
 * @param modified in milliseconds since 1970
 */
public record Stored(String key, long size, long modified) {
    public static Stored of(StoredObject object) {
        return new Stored(object.key(), object.size(), object.modified().toEpochMilli());
    }

    public StoredObject object() {
        return new StoredObject(key, size, Instant.ofEpochMilli(modified));
    }
}
