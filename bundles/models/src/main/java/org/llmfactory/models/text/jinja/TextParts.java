package org.llmfactory.models.text.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;

/** Strings taken apart as Python does. */
final class TextParts {
    private static final String LINE_ENDS = "\n\r\u000B\f\u001C\u001D\u001E\u0085\u2028\u2029";

    private TextParts() {}

    static String strip(String text, IntPredicate unwanted, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && unwanted.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && end > start && unwanted.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    /** Parted by a separator, at most {@code most} times unless that is negative. */
    static List<Object> split(String text, String separator, long most, boolean fromRight) {
        if (separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
        List<Object> parts = new ArrayList<>();
        long left = most < 0 ? Long.MAX_VALUE : most;
        if (fromRight) {
            int end = text.length();
            for (int i = find(text, separator, end); i >= 0 && left-- > 0; i = find(text, separator, end)) {
                parts.add(text.substring(i + separator.length(), end));
                end = i;
            }
            parts.add(text.substring(0, end));
            Collections.reverse(parts);
            return parts;
        }
        int start = 0;
        for (int i = text.indexOf(separator); i >= 0 && left-- > 0; i = text.indexOf(separator, start)) {
            parts.add(text.substring(start, i));
            start = i + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static int find(String text, String separator, int end) {
        return end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length());
    }

    /** Parted by white space, at most {@code most} times unless that is negative. */
    static List<Object> words(String text, long most, boolean fromRight) {
        return fromRight ? wordsFromRight(text, most) : wordsFromLeft(text, most);
    }

    private static List<Object> wordsFromLeft(String text, long most) {
        List<Object> words = new ArrayList<>();
        int start = skip(text, 0, true);
        while (start < text.length()) {
            int end = words.size() == most ? text.length() : skip(text, start, false);
            words.add(text.substring(start, end));
            start = skip(text, end, true);
        }
        return words;
    }

    /** The first index from {@code start} on where white space ends, or begins. */
    private static int skip(String text, int start, boolean space) {
        int i = start;
        while (i < text.length() && CodePoints.isSpace(text.charAt(i)) == space) {
            i++;
        }
        return i;
    }

    private static List<Object> wordsFromRight(String text, long most) {
        List<Object> words = new ArrayList<>();
        int end = skipBack(text, text.length(), true);
        while (end > 0) {
            int start = words.size() == most ? 0 : skipBack(text, end, false);
            words.add(text.substring(start, end));
            end = skipBack(text, start, true);
        }
        Collections.reverse(words);
        return words;
    }

    private static int skipBack(String text, int end, boolean space) {
        int i = end;
        while (i > 0 && CodePoints.isSpace(text.charAt(i - 1)) == space) {
            i--;
        }
        return i;
    }

    static List<Object> lines(String text, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (LINE_ENDS.indexOf(text.charAt(i)) >= 0) {
                int end = i;
                if (text.startsWith("\r\n", i)) {
                    i++;
                }
                lines.add(text.substring(start, keepEnds ? i + 1 : end));
                start = i + 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }
}
