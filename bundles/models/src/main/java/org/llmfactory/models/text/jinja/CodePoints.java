package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python counts a string's characters, Java its UTF-16 units; here the two meet. */
final class CodePoints {
    private CodePoints() {}

    /** The characters, a string each. */
    static List<Object> characters(String text) {
        List<Object> characters = new ArrayList<>(text.length());
        text.codePoints().forEach(c -> characters.add(Character.toString(c)));
        return characters;
    }

    static int count(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The Java index of a Python index from 0 to the length. */
    static int offset(String text, long index) {
        return text.offsetByCodePoints(0, (int) index);
    }

    /** The Python index of a Java index; -1 stays. */
    static long index(String text, int offset) {
        return offset < 0 ? -1 : text.codePointCount(0, offset);
    }

    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85 || (c >= 0x1C && c <= 0x1F);
    }
}
