package org.llmfactory.models.text;

import java.util.Arrays;
import java.util.Optional;

/** GPT-2's alphabet: each of the 256 bytes as one printable character. */
final class ByteLevelAlphabet {
    private static final int[] BYTES = bytes();

    private ByteLevelAlphabet() {}

    /** The bytes a token is written for; empty when a character is none of the alphabet. */
    static Optional<byte[]> bytesOf(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            char c = token.charAt(i);
            if (c >= BYTES.length || BYTES[c] < 0) {
                return Optional.empty();
            }
            bytes[i] = (byte) BYTES[c];
        }
        return Optional.of(bytes);
    }

    /** Printable bytes of Latin-1 stand for themselves, the others for 256 and on, in order. */
    private static int[] bytes() {
        int[] bytes = new int[512];
        Arrays.fill(bytes, -1);
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xFF && b != 0xAD);
            bytes[printable ? b : next++] = b;
        }
        return bytes;
    }
}
