package org.llmfactory.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 of what is in memory: for names by content, and for secrets of so many random bits that nobody can try them all.
 * Everything else that must not be found by trying is hashed with a {@link Secret}.
 */
public final class Sha256 {
    private Sha256() {}

    /**
     * The hash of a text.
     *
     * @param parts of the text, one behind the other; where they meet is not part of the hash
     * @return 32 bytes
     */
    public static byte[] hash(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The hash of a text in UTF-8, as 64 lower-case hexadecimal digits. */
    public static String hex(String text) {
        return HexFormat.of().formatHex(hash(text.getBytes(UTF_8)));
    }
}
