package org.llmfactory.files.store;

import java.security.SecureRandom;
import java.util.HexFormat;

/** New ids, which nobody has and nobody can guess. */
final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** The prefix and 24 hex digits. */
    static String next(String prefix) {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return prefix + HexFormat.of().formatHex(bytes);
    }
}
