package org.llmfactory.storage.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals the chunks of one blob: AES-256-GCM under a key derived from the project's key, the blob's random salt and its
 * object key. The nonce is the chunk's number and whether it is the last. Not safe for use by several threads.
 */
final class ChunkCipher {
    /** Bytes of a plain chunk; the last may have fewer. */
    static final int PLAIN = 64 * 1024;

    /** Bytes of a sealed chunk. */
    static final int SEALED = PLAIN + 16;

    /** What an encrypted blob begins with: its format's version is the last byte. */
    static final byte[] MAGIC = {'L', 'F', 'O', 1};

    /** The number of the last chunk that a blob can have. */
    static final long MAX_CHUNK = Long.MAX_VALUE / SEALED - 1;

    static final int SALT = 32;
    static final int HEADER = MAGIC.length + SALT;

    private final SecretKeySpec key;
    private final Cipher cipher;

    ChunkCipher(byte[] projectKey, byte[] salt, ObjectKey object) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(projectKey, "HmacSHA256"));
        mac.update(MAGIC);
        mac.update(salt);
        this.key = new SecretKeySpec(mac.doFinal(object.toString().getBytes(UTF_8)), "AES");
        this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
    }

    byte[] seal(byte[] chunk, long number, boolean last) throws GeneralSecurityException {
        return run(Cipher.ENCRYPT_MODE, chunk, number, last);
    }

    byte[] open(byte[] chunk, long number, boolean last) throws GeneralSecurityException {
        if (chunk.length < 16) {
            throw new AEADBadTagException("The chunk is shorter than its tag.");
        }
        return run(Cipher.DECRYPT_MODE, chunk, number, last);
    }

    /** How many chunks there are in {@code stored} bytes. */
    static long chunks(long stored) {
        return Math.max(1, (Math.max(0, stored - HEADER) + SEALED - 1) / SEALED);
    }

    /** Where a chunk begins in the stored blob. */
    static long position(long number) {
        return HEADER + number * SEALED;
    }

    /** Bytes of the plain blob that is stored in {@code stored} bytes. */
    static long plainSize(long stored) {
        return Math.max(0, stored - HEADER - 16 * chunks(stored));
    }

    private byte[] run(int mode, byte[] chunk, long number, boolean last) throws GeneralSecurityException {
        byte[] nonce = ByteBuffer.allocate(12)
                .putLong(number)
                .put((byte) (last ? 1 : 0))
                .array();
        cipher.init(mode, key, new GCMParameterSpec(128, nonce));
        return cipher.doFinal(chunk);
    }
}
