package org.llmfactory.database;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key of 256 bits and what is done with one: it seals what nobody else may read (AES-256-GCM), and makes hashes that
 * nobody else can make (HMAC-SHA-256). Keys for different uses are kept apart by {@link #derive}. Immutable, safe for use by
 * several threads, and silent about itself: {@code toString} tells nothing.
 */
public final class Secret {
    /** How long a key is. */
    public static final int BYTES = 32;

    private static final int NONCE = 12;
    private static final int TAG = 16;
    private static final String HMAC = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] key;

    /**
     * A key that is there already.
     *
     * @throws IllegalArgumentException when it has not {@link #BYTES} bytes
     */
    public Secret(byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException("The key has " + key.length + " bytes instead of " + BYTES + '.');
        }
        this.key = key.clone();
    }

    /** A new key. */
    public static Secret random() {
        byte[] key = new byte[BYTES];
        RANDOM.nextBytes(key);
        return new Secret(key);
    }

    /**
     * The key in a file, which is made when it is not there.
     *
     * @param file below {@code Home.secrets()}
     * @throws IllegalStateException when it has another length, or others may read it
     * @see SecretFile#readOrCreate
     */
    public static Secret in(Path file) {
        return new Secret(SecretFile.readOrCreate(file, BYTES));
    }

    /** The key itself, to be kept sealed under another one. */
    public byte[] bytes() {
        return key.clone();
    }

    /** Another key, for one purpose: {@code new Secret(hmac(purpose))}. */
    public Secret derive(byte[] purpose) {
        return new Secret(hmac(purpose));
    }

    /**
     * Encrypts. Equal texts are sealed differently each time.
     *
     * @param context where it belongs; it opens nowhere else. Not part of what is returned
     * @return the random nonce (12 bytes), the ciphertext, the tag (16 bytes)
     */
    public byte[] seal(byte[] plain, byte[] context) {
        byte[] nonce = new byte[NONCE];
        RANDOM.nextBytes(nonce);
        byte[] sealed = Arrays.copyOf(nonce, NONCE + plain.length + TAG);
        try {
            cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(plain, 0, plain.length, sealed, NONCE);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /**
     * Decrypts what {@link #seal} returned.
     *
     * @throws AEADBadTagException when it was sealed under another key or in another context, or is damaged
     */
    public byte[] open(byte[] sealed, byte[] context) throws AEADBadTagException {
        if (sealed.length < NONCE + TAG) {
            throw new AEADBadTagException("too short for anything sealed");
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE), context)
                    .doFinal(sealed, NONCE, sealed.length - NONCE);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-GCM", e);
        }
    }

    /**
     * The keyed hash of a text. To compare one with what a caller sent, use {@link java.security.MessageDigest#isEqual}, which
     * does not tell by its time how much was right.
     *
     * @param parts of the text, one behind the other; where they meet is not part of the hash
     * @return 32 bytes
     */
    public byte[] hmac(byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + HMAC, e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG * Byte.SIZE, nonce));
        cipher.updateAAD(context);
        return cipher;
    }
}
