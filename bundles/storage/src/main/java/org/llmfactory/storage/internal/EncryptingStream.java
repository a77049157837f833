package org.llmfactory.storage.internal;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;

/** A plain stream, sealed chunk by chunk while it is read, behind its header. */
final class EncryptingStream extends ChunkedStream {
    private final ChunkCipher cipher;

    EncryptingStream(InputStream plain, ChunkCipher cipher, byte[] header) throws IOException {
        super(plain, ChunkCipher.PLAIN, 0, header);
        this.cipher = cipher;
    }

    @Override
    byte[] convert(byte[] chunk, long number, boolean last) throws IOException {
        try {
            return cipher.seal(chunk, number, last);
        } catch (GeneralSecurityException e) {
            throw new IOException("A chunk cannot be encrypted.", e);
        }
    }
}
