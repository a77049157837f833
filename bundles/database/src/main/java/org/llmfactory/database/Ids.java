package org.llmfactory.database;

import java.security.SecureRandom;
import java.util.HexFormat;

/** New ids, which nobody has and nobody can guess. */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 12;

    private Ids() {}

    /** The prefix and 24 lower-case hexadecimal digits. */
    public static String next(String prefix) {
        return next(prefix, BYTES);
    }

    /**
     * The prefix and lower-case hexadecimal digits.
     *
     * @param bytes how many random ones the digits stand for
     */
    public static String next(String prefix, int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return prefix + HexFormat.of().formatHex(random);
    }
}
