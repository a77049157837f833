package org.llmfactory.projects.store;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.llmfactory.database.Sha256;

/** New ids and secrets. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 12;
    private static final int SECRET_BYTES = 32;

    private Ids() {}

    /** An id nobody has and nobody can guess: the prefix and 24 hex digits. */
    public static String next(String prefix) {
        return prefix + HexFormat.of().formatHex(random(ID_BYTES));
    }

    /** A secret of 256 random bits that can stand in a URL. */
    public static String secret() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random(SECRET_BYTES));
    }

    /** The SHA-256 of a secret, 64 hex digits: what is stored of it. */
    public static String digest(String secret) {
        return Sha256.hex(secret);
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
