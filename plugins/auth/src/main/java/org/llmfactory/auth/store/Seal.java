package org.llmfactory.auth.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;

/**
 * Digits behind a secret that only the platform can compute, so that made-up secrets are known as such without a look at the
 * database. What opens something is the secret itself: whoever forged a seal would have gained a query that finds nothing.
 */
public final class Seal {
    /** 64 bits: nobody finds one by trying. */
    private static final int DIGITS = 16;

    private final Pepper pepper;
    private final String purpose;

    /** Seals for one purpose. */
    public Seal(Pepper pepper, String purpose) {
        this.pepper = pepper;
        this.purpose = purpose;
    }

    /** A secret with its seal. */
    public String put(String secret) {
        return secret + of(secret);
    }

    /** Whether a text is a secret with its seal. Takes the same time whichever digits are wrong. */
    public boolean isOn(String text) {
        int end = text.length() - DIGITS;
        return end > 0
                && MessageDigest.isEqual(
                        of(text.substring(0, end)).getBytes(UTF_8),
                        text.substring(end).getBytes(UTF_8));
    }

    private String of(String secret) {
        return pepper.digest(purpose, secret).substring(0, DIGITS);
    }
}
