package org.llmfactory.api.storage;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A blob is not what was put: altered, cut off, moved from another key, or its encryption key is gone. */
public final class DamagedObjectException extends IOException {
    private static final long serialVersionUID = 1;

    private final String key;

    /**
     * Names the blob.
     *
     * @param key of the damaged blob
     */
    public DamagedObjectException(String key, String reason, @Nullable Throwable cause) {
        super("The object " + key + " is damaged: " + reason, cause);
        this.key = key;
    }

    /** The key of the damaged blob. */
    public String key() {
        return key;
    }
}
