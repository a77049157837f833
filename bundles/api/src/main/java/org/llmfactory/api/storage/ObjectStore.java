package org.llmfactory.api.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Blobs by key. Keys are relative paths of segments of letters, digits and {@code . _ - =}, parted by {@code /}, no
 * segment {@code .} or {@code ..}, at most 512 characters. OSGi service; safe for use by several threads.
 */
@ProviderType
public interface ObjectStore {
    /**
     * Stores a blob whole or not at all, replacing one under the same key; readers see the old or the new one.
     *
     * @return what was stored
     * @throws IllegalArgumentException for a malformed key
     */
    StoredObject put(String key, InputStream content) throws IOException;

    /**
     * Opens a blob from byte {@code offset} on; empty when there is none.
     *
     * @throws IllegalArgumentException for a malformed key or a negative offset
     * @throws DamagedObjectException now or while reading, when the blob is not what was put; nothing altered is handed out
     */
    Optional<InputStream> open(String key, long offset) throws IOException;

    /** Facts of a blob; empty when there is none. */
    Optional<StoredObject> stat(String key) throws IOException;

    /** Keys that begin with {@code prefix}, whole segments only ({@code a/1} does not match {@code a/10}), sorted. */
    List<StoredObject> list(String prefix) throws IOException;

    /** Removes a blob; false when there was none. */
    boolean delete(String key) throws IOException;

    /**
     * Removes the blobs that {@link #list} names for {@code prefix}. What the store keeps encrypted under a key of its own
     * for the prefix, it also makes unreadable wherever a copy lies, by destroying that key.
     *
     * @return how many blobs were removed
     */
    int deleteAll(String prefix) throws IOException;
}
