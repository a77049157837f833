package org.llmfactory.storage.internal;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import org.llmfactory.api.storage.DamagedObjectException;

/** The plain bytes of a sealed stream. A chunk is handed out only after it was found to be what was sealed. */
final class DecryptingStream extends ChunkedStream {
    private final ChunkCipher cipher;
    private final ObjectKey key;

    /**
     * Reads on at a chunk.
     *
     * @param first the number of the chunk that the stream stands before
     */
    DecryptingStream(InputStream sealed, ChunkCipher cipher, ObjectKey key, long first) throws IOException {
        super(sealed, ChunkCipher.SEALED, first, new byte[0]);
        this.cipher = cipher;
        this.key = key;
    }

    @Override
    byte[] convert(byte[] chunk, long number, boolean last) throws IOException {
        try {
            return cipher.open(chunk, number, last);
        } catch (GeneralSecurityException e) {
            throw new DamagedObjectException(key.toString(), "chunk " + number + " is not what was stored", e);
        }
    }
}
