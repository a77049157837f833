package org.llmfactory.projects.store;

import java.security.SecureRandom;
import java.util.Base64;
import org.llmfactory.database.Sha256;

/** New secrets, and what is stored of them. */
public final class LinkSecrets {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;

    private LinkSecrets() {}

    /** A secret of 256 random bits that can stand in a URL. */
    public static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The SHA-256 of a secret, 64 hex digits: what is stored of it. */
    public static String digest(String secret) {
        return Sha256.hex(secret);
    }
}
