package org.llmfactory.auth.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import org.llmfactory.database.Secret;

/**
 * Keyed hashes of secrets: what is stored tells nothing to whoever has the database without the home's secret. Safe for use by
 * several threads.
 */
public final class Pepper {
    private static final byte[] END_OF_PURPOSE = {0};

    private final Secret key;

    /** Hashes with a key of 32 bytes. */
    public Pepper(byte[] key) {
        this.key = new Secret(key);
    }

    /**
     * The keyed hash of a secret.
     *
     * @param purpose keeps hashes for different uses apart; the secret of one is no use for another
     */
    public byte[] hash(String purpose, String secret) {
        return key.hmac(purpose.getBytes(UTF_8), END_OF_PURPOSE, secret.getBytes(UTF_8));
    }

    /** The keyed hash in 64 hexadecimal digits. */
    public String digest(String purpose, String secret) {
        return HexFormat.of().formatHex(hash(purpose, secret));
    }
}
