package org.llmfactory.storage.internal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.llmfactory.api.storage.ObjectStore;

/** Where blobs lie as they are, below the encryption. */
interface RawStore extends ObjectStore, Closeable {
    /**
     * Opens a blob at its head and at an offset, without reading what lies between.
     *
     * @param head how many bytes of the head are wanted
     * @param offset at least {@code head}
     * @return empty when there is no such blob
     */
    Optional<Opened> open(String key, int head, long offset) throws IOException;

    /**
     * Stores a small blob, unless there is one under its key: of several who try at once, one is told true.
     *
     * @return false when there is one already, which stays as it is
     */
    boolean putIfAbsent(String key, byte[] content) throws IOException;

    /** Releases connections and threads; the store is not used afterwards. */
    @Override
    void close();

    /**
     * One version of a blob, whatever is put meanwhile.
     *
     * @param head its first bytes, fewer when it has no more
     * @param size bytes of the whole blob
     * @param rest its bytes from the offset on; empty when the offset lies beyond the end
     */
    record Opened(ByteBuffer head, long size, InputStream rest) {}
}
