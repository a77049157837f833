package org.llmfactory.launcher.test;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tests that ran.
 *
 * @param passed well
 * @param failed by a wrong result or an error
 */
public record TestCount(int passed, int failed) {
    /** As pytest and Node's test runner end their output. */
    private static final Pattern PASSED = Pattern.compile("\\b(\\d+) passed\\b|(?m)^[#ℹ] pass (\\d+)$");

    private static final Pattern FAILED = Pattern.compile("\\b(\\d+) (?:failed|errors?)\\b|(?m)^[#ℹ] fail (\\d+)$");
    private static final Pattern COLOURS = Pattern.compile("\u001B\\[[0-9;]*m");

    /** What pytest's and Node's summaries say in a program's output. */
    public static TestCount ofOutput(String output) {
        String plain = COLOURS.matcher(output).replaceAll("");
        return new TestCount(sum(PASSED.matcher(plain)), sum(FAILED.matcher(plain)));
    }

    public TestCount plus(TestCount other) {
        return new TestCount(passed + other.passed, failed + other.failed);
    }

    private static int sum(Matcher matcher) {
        return matcher.results()
                .mapToInt(match -> Integer.parseInt(match.group(1) == null ? match.group(2) : match.group(1)))
                .sum();
    }
}
