package org.llmfactory.models.text;

/**
 * Makes text of bytes that come piece by piece. Each longest beginning of a character that does not go on as one becomes
 * one U+FFFD, as Unicode recommends and Rust, Python and browsers do.
 */
final class Utf8Assembler {
    private static final char REPLACEMENT = '\uFFFD';

    private int codePoint;
    private int missing;
    private int lowest = 0x80;
    private int highest = 0xBF;

    /** Takes bytes and appends the characters that are complete. */
    void append(byte[] bytes, int from, StringBuilder text) {
        for (int i = from; i < bytes.length; i++) {
            append(bytes[i] & 0xFF, text);
        }
    }

    private void append(int value, StringBuilder text) {
        if (missing > 0 && (value < lowest || value > highest)) {
            finish(text);
        }
        if (missing == 0) {
            begin(value, text);
            return;
        }
        lowest = 0x80;
        highest = 0xBF;
        codePoint = codePoint << 6 | (value & 0x3F);
        if (--missing == 0) {
            text.appendCodePoint(codePoint);
        }
    }

    private void begin(int value, StringBuilder text) {
        if (value < 0x80) {
            text.append((char) value);
        } else if (value >= 0xC2 && value <= 0xDF) {
            expect(1, value & 0x1F);
        } else if (value >= 0xE0 && value <= 0xEF) {
            expect(2, value & 0x0F);
            lowest = value == 0xE0 ? 0xA0 : 0x80;
            highest = value == 0xED ? 0x9F : 0xBF;
        } else if (value >= 0xF0 && value <= 0xF4) {
            expect(3, value & 0x07);
            lowest = value == 0xF0 ? 0x90 : 0x80;
            highest = value == 0xF4 ? 0x8F : 0xBF;
        } else {
            text.append(REPLACEMENT);
        }
    }

    private void expect(int count, int bits) {
        missing = count;
        codePoint = bits;
    }

    /** Ends the text: a character that was begun becomes U+FFFD. */
    void finish(StringBuilder text) {
        if (missing > 0) {
            text.append(REPLACEMENT);
        }
        missing = 0;
        lowest = 0x80;
        highest = 0xBF;
    }
}
