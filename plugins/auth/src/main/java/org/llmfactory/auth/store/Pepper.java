package org.llmfactory.auth.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Keyed hashes of secrets: what is stored tells nothing to whoever has the database without the home's secret. Safe for use by
 * several threads.
 */
public final class Pepper {
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac prototype;

    /** Hashes with a key of 32 bytes. */
    public Pepper(byte[] key) {
        try {
            this.prototype = Mac.getInstance(ALGORITHM);
            prototype.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, failure);
        }
    }

    /**
     * The keyed hash of a secret.
     *
     * @param purpose keeps hashes for different uses apart; the secret of one is no use for another
     */
    public byte[] hash(String purpose, String secret) {
        Mac mac = copy();
        mac.update(purpose.getBytes(UTF_8));
        mac.update((byte) 0);
        return mac.doFinal(secret.getBytes(UTF_8));
    }

    /** The keyed hash in 64 hexadecimal digits. */
    public String digest(String purpose, String secret) {
        return HexFormat.of().formatHex(hash(purpose, secret));
    }

    private Mac copy() {
        try {
            return (Mac) prototype.clone();
        } catch (CloneNotSupportedException failure) {
            throw new IllegalStateException("the platform's " + ALGORITHM + " cannot be copied", failure);
        }
    }
}
