package org.llmfactory.ledger.journal;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Ids of entries. */
final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    /** A new id. */
    static String next() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return "audit_log-" + HexFormat.of().formatHex(bytes);
    }
}
