package org.llmfactory.ledger.chain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.util.HexFormat;
import org.llmfactory.database.Secret;

/**
 * The secret that binds entries to one another. Agents that share a database share it. Whoever lacks it can neither change
 * an entry nor write one.
 */
public final class ChainKey {
    /** What the first entry is bound to. */
    public static final String GENESIS = "0".repeat(64);

    private final Secret secret;

    public ChainKey(Secret secret) {
        this.secret = secret;
    }

    /**
     * The hash of an entry.
     *
     * @param previous the hash of the entry before it, 64 hexadecimal digits
     * @param entry the entry's text, ASCII
     */
    String hash(String previous, String entry) {
        return mac(HexFormat.of().parseHex(previous), entry.getBytes(US_ASCII));
    }

    /** A code by which one's own text is known again. */
    String mac(String text) {
        return mac(text.getBytes(US_ASCII));
    }

    /** Compares without telling by the time it takes how much was right. */
    static boolean isEqual(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(US_ASCII), other.getBytes(US_ASCII));
    }

    /** Whether a text has the form of a hash. */
    static boolean isHash(String text) {
        return text.length() == 64 && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    private String mac(byte[]... parts) {
        return HexFormat.of().formatHex(secret.hmac(parts));
    }
}
