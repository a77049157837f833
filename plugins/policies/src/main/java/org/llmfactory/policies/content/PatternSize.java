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
    private static final Pattern COUNTS = Pattern.compile("(\\d{1,6})(?:,(\\d{0,6}))?");
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
                case '\\' -> atom(2);
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
        end++;
        while (end < pattern.length() && pattern.charAt(end) != ']') {
            end += pattern.charAt(end) == '\\' ? 2 : 1;
        }
        atom(end + 1 - at);
    }

    private void repeat() {
        int end = pattern.indexOf('}', at);
        long times = end < 0 ? 1 : times(pattern.substring(at + 1, end));
        sequence = bounded(sequence + bounded(atom * (times - 1)));
        atom = bounded(atom * times);
        at = end < 0 ? at + 1 : end + 1;
    }

    /** The higher of two numbers; 1 for what is no repetition at all. */
    private static long times(String counts) {
        Matcher matcher = COUNTS.matcher(counts);
        if (!matcher.matches()) {
            return 1;
        }
        String most = matcher.group(2) == null || matcher.group(2).isEmpty() ? matcher.group(1) : matcher.group(2);
        return Math.max(1, Long.parseLong(most));
    }

    private static long bounded(long size) {
        return Math.min(BOUND, size);
    }
}
