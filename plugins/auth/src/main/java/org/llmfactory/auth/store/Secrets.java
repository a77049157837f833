package org.llmfactory.auth.store;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Random secrets and ids. All are in lower case, so that no two differ in case alone. */
public final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** 256 random bits in 64 hexadecimal digits. */
    public static String secret() {
        return HexFormat.of().formatHex(bytes(32));
    }

    /** An id: a prefix and 24 random hexadecimal digits. */
    public static String id(String prefix) {
        return prefix + HexFormat.of().formatHex(bytes(12));
    }

    /** Random bytes. */
    public static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
