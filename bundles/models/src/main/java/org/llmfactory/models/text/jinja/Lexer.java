package org.llmfactory.models.text.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llmfactory.models.text.jinja.Token.Kind;

/**
 * Parts a template into tokens. {@code trim_blocks} and {@code lstrip_blocks} are on, one newline at the very end is
 * dropped, and {@code -} and {@code +} beside a delimiter control the white space there.
 */
final class Lexer {
    private static final Pattern RAW = Pattern.compile("[-+]?\\s*raw\\s*(-?)%\\}");
    private static final Pattern END_RAW = Pattern.compile("\\{%([-+]?)\\s*endraw\\s*([-+]?)%\\}");
    private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
    private static final Pattern FLOAT =
            Pattern.compile("(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
    private static final Pattern INTEGER =
            Pattern.compile("0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[-+/*%~\\[\\](){}><=.:|,;]");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;
    private boolean atLineStart = true;

    Lexer(String source) {
        String unix = source.replace("\r\n", "\n").replace('\r', '\n');
        this.source = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
    }

    List<Token> tokens() {
        while (position < source.length()) {
            int begin = nextDelimiter();
            if (begin < 0) {
                add(Kind.TEXT, source.substring(position));
                position = source.length();
            } else {
                construct(begin);
            }
        }
        tokens.add(new Token(Kind.END, "", line));
        return tokens;
    }

    private int nextDelimiter() {
        int brace = source.indexOf('{', position);
        while (brace >= 0 && brace + 1 < source.length()) {
            if ("{%#".indexOf(source.charAt(brace + 1)) >= 0) {
                return brace;
            }
            brace = source.indexOf('{', brace + 1);
        }
        return -1;
    }

    private void construct(int begin) {
        char kind = source.charAt(begin + 1);
        char sign = begin + 2 < source.length() ? source.charAt(begin + 2) : ' ';
        add(Kind.TEXT, leading(source.substring(position, begin), kind, sign));
        line += newlines(position, begin);
        position = begin + 2;
        Matcher raw = RAW.matcher(source).region(position, source.length());
        if (kind == '%' && raw.lookingAt()) {
            raw(raw);
            return;
        }
        if (sign == '-' || sign == '+') {
            position++;
        }
        switch (kind) {
            case '#' -> comment();
            case '%' -> code(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
            default -> code(Kind.PRINT_BEGIN, Kind.PRINT_END, "}}");
        }
    }

    /** Text before a delimiter, less the white space that is not to be printed. */
    private String leading(String text, char kind, char sign) {
        if (sign == '-') {
            return text.stripTrailing();
        }
        int lineStart = text.lastIndexOf('\n') + 1;
        boolean strips = kind != '{' && sign != '+' && (lineStart > 0 || atLineStart);
        return strips && text.substring(lineStart).isBlank() ? text.substring(0, lineStart) : text;
    }

    private void comment() {
        int end = source.indexOf("#}", position);
        if (end < 0) {
            throw TemplateException.at(line, "a comment has no end");
        }
        char sign = end > position ? source.charAt(end - 1) : ' ';
        line += newlines(position, end);
        position = end + 2;
        trailing(sign, true);
    }

    private void raw(Matcher begin) {
        Matcher end = END_RAW.matcher(source);
        if (!end.find(begin.end())) {
            throw TemplateException.at(line, "a raw block has no end");
        }
        position = begin.end();
        trailing(begin.group(1).isEmpty() ? ' ' : '-', false);
        String text = position < end.start() ? source.substring(position, end.start()) : "";
        char sign = end.group(1).isEmpty() ? ' ' : end.group(1).charAt(0);
        add(Kind.TEXT, leading(text, '%', sign));
        line += newlines(position, end.end());
        position = end.end();
        trailing(end.group(2).isEmpty() ? ' ' : end.group(2).charAt(0), true);
    }

    /** Skips what a closing delimiter swallows. */
    private void trailing(char sign, boolean trims) {
        int end = position;
        if (sign == '-') {
            while (end < source.length() && Character.isWhitespace(source.charAt(end))) {
                end++;
            }
        } else if (trims && sign != '+' && end < source.length() && source.charAt(end) == '\n') {
            end++;
        }
        line += newlines(position, end);
        atLineStart = end > position && source.charAt(end - 1) == '\n';
        position = end;
    }

    private void code(Kind begin, Kind end, String closing) {
        int first = line;
        tokens.add(new Token(begin, "", line));
        Deque<Character> brackets = new ArrayDeque<>();
        while (true) {
            skipSpace();
            if (position >= source.length()) {
                throw TemplateException.at(first, "'" + (closing.equals("}}") ? "{{" : "{%") + "' has no end");
            }
            if (brackets.isEmpty() && closes(closing)) {
                char sign = source.charAt(position);
                tokens.add(new Token(end, "", line));
                position += source.startsWith(closing, position) ? 2 : 3;
                trailing(sign, end == Kind.BLOCK_END);
                return;
            }
            token(brackets);
        }
    }

    private boolean closes(String closing) {
        char sign = source.charAt(position);
        return source.startsWith(closing, position)
                || ((sign == '-' || (sign == '+' && closing.equals("%}"))) && source.startsWith(closing, position + 1));
    }

    private void token(Deque<Character> brackets) {
        char first = source.charAt(position);
        if (first == '"' || first == '\'') {
            string(first);
        } else if (!match(FLOAT, Kind.FLOAT) && !match(INTEGER, Kind.INTEGER) && !match(NAME, Kind.NAME)) {
            if (!match(OPERATOR, Kind.OPERATOR)) {
                throw TemplateException.at(line, "unexpected character '" + first + "'");
            }
            if ("([{".indexOf(first) >= 0) {
                brackets.push(first == '(' ? ')' : first == '[' ? ']' : '}');
            } else if (")]}".indexOf(first) >= 0 && (brackets.isEmpty() || brackets.pop() != first)) {
                throw TemplateException.at(line, "unexpected '" + first + "'");
            }
        }
    }

    private boolean match(Pattern pattern, Kind kind) {
        Matcher matcher = pattern.matcher(source).region(position, source.length());
        boolean afterDot = !tokens.isEmpty() && tokens.get(tokens.size() - 1).isOperator(".");
        if ((kind == Kind.FLOAT && afterDot) || !matcher.lookingAt()) {
            return false;
        }
        tokens.add(new Token(kind, matcher.group(), line));
        position = matcher.end();
        return true;
    }

    private void string(char quote) {
        int end = position + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw TemplateException.at(line, "a string has no end");
        }
        tokens.add(new Token(Kind.STRING, StringLiterals.unescape(source.substring(position + 1, end), line), line));
        line += newlines(position, end);
        position = end + 1;
    }

    private void skipSpace() {
        while (position < source.length() && Character.isWhitespace(source.charAt(position))) {
            line += source.charAt(position) == '\n' ? 1 : 0;
            position++;
        }
    }

    private void add(Kind kind, String text) {
        if (!text.isEmpty()) {
            tokens.add(new Token(kind, text, line));
        }
    }

    private int newlines(int from, int to) {
        int count = 0;
        for (int i = from; i < to; i++) {
            count += source.charAt(i) == '\n' ? 1 : 0;
        }
        return count;
    }
}
