package org.llmfactory.models.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a vocabulary writes bytes.
 *
 * @param kind the notation
 * @param byteFallback whether {@code <0xNN>} stands for one byte
 * @param leadingSpaces spaces that the decoder takes off a text's beginning
 */
record PieceStyle(Kind kind, boolean byteFallback, int leadingSpaces) {
    private static final Pattern BYTE = Pattern.compile("<0x([0-9A-Fa-f]{2})>");
    private static final char SPACE_MARK = '\u2581';

    static final PieceStyle BYTE_LEVEL = new PieceStyle(Kind.BYTE_LEVEL, false, 0);

    enum Kind {
        /** Each byte is one printable character. */
        BYTE_LEVEL,
        /** Plain text with a mark for a space. */
        MARKED_SPACE,
        /** Plain text; a token without {@code ##} begins a word. */
        WORD_PIECE
    }

    byte[] bytesOf(String token) {
        return switch (kind) {
            case BYTE_LEVEL -> ByteLevelAlphabet.bytesOf(token).orElseGet(() -> token.getBytes(UTF_8));
            case MARKED_SPACE -> marked(token);
            case WORD_PIECE -> (token.startsWith("##") ? token.substring(2) : " " + token).getBytes(UTF_8);
        };
    }

    private byte[] marked(String token) {
        Matcher hex = BYTE.matcher(token);
        return byteFallback && hex.matches()
                ? new byte[] {(byte) Integer.parseInt(hex.group(1), 16)}
                : token.replace(SPACE_MARK, ' ').getBytes(UTF_8);
    }
}
