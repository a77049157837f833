package org.llmfactory.models.text.jinja;

/** Python's escapes in string literals, and the way Python shows a string. */
final class StringLiterals {
    private StringLiterals() {}

    /** The value of a literal, given what stands between its quotes. */
    static String unescape(String literal, int line) {
        if (literal.indexOf('\\') < 0) {
            return literal;
        }
        StringBuilder value = new StringBuilder();
        int i = 0;
        while (i < literal.length()) {
            char c = literal.charAt(i++);
            if (c != '\\' || i == literal.length()) {
                value.append(c);
                continue;
            }
            char escape = literal.charAt(i++);
            switch (escape) {
                case '\n' -> {}
                case 'n' -> value.append('\n');
                case 't' -> value.append('\t');
                case 'r' -> value.append('\r');
                case 'a' -> value.append('\u0007');
                case 'b' -> value.append('\b');
                case 'f' -> value.append('\f');
                case 'v' -> value.append('\u000B');
                case '\\', '\'', '"' -> value.append(escape);
                case 'x' -> i = appendHex(value, literal, i, 2, line);
                case 'u' -> i = appendHex(value, literal, i, 4, line);
                case 'U' -> i = appendHex(value, literal, i, 8, line);
                case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                    int end = i - 1;
                    while (end < Math.min(literal.length(), i + 2) && "01234567".indexOf(literal.charAt(end)) >= 0) {
                        end++;
                    }
                    value.appendCodePoint(Integer.parseInt(literal.substring(i - 1, end), 8));
                    i = end;
                }
                default -> value.append('\\').append(escape);
            }
        }
        return value.toString();
    }

    private static int appendHex(StringBuilder value, String literal, int from, int digits, int line) {
        try {
            int codePoint = Integer.parseUnsignedInt(literal.substring(from, from + digits), 16);
            if (!Character.isValidCodePoint(codePoint)) {
                throw TemplateException.at(line, "a string has an escape that is no character");
            }
            value.appendCodePoint(codePoint);
            return from + digits;
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw TemplateException.at(line, "a string has a malformed escape");
        }
    }

    /** The literal Python shows for a string. */
    static String repr(String value) {
        char quote = value.indexOf('\'') >= 0 && value.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder shown = new StringBuilder().append(quote);
        value.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\t' -> shown.append("\\t");
                case '\r' -> shown.append("\\r");
                case '\\' -> shown.append("\\\\");
                default -> {
                    if (c == quote) {
                        shown.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        shown.appendCodePoint(c);
                    } else {
                        shown.append(String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                    }
                }
            }
        });
        return shown.append(quote).toString();
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }
}
