package org.llmfactory.policies.content;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Estimates how large a pattern becomes once its repetitions are written out, before it is compiled: {@code
 * ((a{900}){900}){900}} is short to write and would fill the memory. Never less than half the truth.
 */
final class PatternSize {
    private static final Pattern COUNTS = Pattern.compile("\\{(\\d{1,6})(?:,(\\d{0,6}))?\\}");
    private static final long BOUND = Integer.MAX_VALUE;

    private final String pattern;
    private final Deque<Long> outer = new ArrayDeque<>();
    private long sequence;
    private long atom;
    private int at;

    private PatternSize(String pattern) {
        this.pattern = pattern;
    }

    /** In instructions, about; at most 2³¹ - 1. */
    static long of(String pattern) {
        return new PatternSize(pattern).measure();
    }

    private long measure() {
        while (at < pattern.length()) {
            char next = pattern.charAt(at);
            switch (next) {
                case '(' -> open();
                case ')' -> close();
                case '[' -> skipClass();
                case '{' -> repeat();
                case '*', '+', '?' -> at++;
                case '\\' -> escape();
                default -> atom(1);
            }
        }
        while (!outer.isEmpty()) {
            close();
        }
        return sequence;
    }

    private void atom(int characters) {
        sequence = bounded(sequence + 1);
        atom = 1;
        at += characters;
    }

    /** A character by its number, a class by its name, or one character. */
    private void escape() {
        boolean braces = at + 2 < pattern.length()
                && "xpP".indexOf(pattern.charAt(at + 1)) >= 0
                && pattern.charAt(at + 2) == '{';
        int end = braces ? pattern.indexOf('}', at) : -1;
        atom(end < 0 ? 2 : end + 1 - at);
    }

    private void open() {
        outer.push(sequence);
        sequence = 1;
        at++;
    }

    private void close() {
        atom = sequence;
        sequence = bounded(sequence + (outer.isEmpty() ? 0 : outer.pop()));
        at++;
    }

    private void skipClass() {
        int end = at + 1;
        if (end < pattern.length() && pattern.charAt(end) == '^') {
            end++;
        }
        // A closing bracket in first place stands for itself.
        if (end < pattern.length() && pattern.charAt(end) == ']') {
            end++;
        }
        while (end < pattern.length() && pattern.charAt(end) != ']') {
            int named = pattern.startsWith("[:", end) ? pattern.indexOf(":]", end + 2) : -1;
            if (named >= 0) {
                end = named + 2;
            } else {
                end += pattern.charAt(end) == '\\' ? 2 : 1;
            }
        }
        atom(end + 1 - at);
    }

    /** A brace that begins no repetition stands for itself. */
    private void repeat() {
        Matcher counts = COUNTS.matcher(pattern).region(at, pattern.length());
        if (!counts.lookingAt()) {
            atom(1);
            return;
        }
        String most = counts.group(2) == null || counts.group(2).isEmpty() ? counts.group(1) : counts.group(2);
        long times = Math.max(1, Long.parseLong(most));
        sequence = bounded(sequence + bounded(atom * (times - 1)));
        atom = bounded(atom * times);
        at = counts.end();
    }

    private static long bounded(long size) {
        return Math.min(BOUND, size);
    }
}
