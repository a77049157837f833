package org.llmfactory.policies.content;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds a regular expression. */
final class PatternFinder implements Finder {
    /** Instructions that a pattern may have when its repetitions are written out. */
    static final int MAXIMUM_SIZE = 2000;

    /** One of each sort of neighbour that a pattern can ask for: nothing, a letter, a line's end, something else. */
    private static final List<String> NEIGHBOURS = List.of("", "a", "\n", "-");

    private final Pattern pattern;

    private PatternFinder(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * Compiles a pattern in RE2 syntax.
     *
     * @throws IllegalArgumentException with the reason, for a pattern that is wrong, too large, or finds nothing anywhere
     */
    static PatternFinder of(String expression) {
        if (expression.contains("\\Q")) {
            throw new IllegalArgumentException("\\Q is not taken; put a backslash before each special character");
        }
        if (PatternSize.of(expression) > MAXIMUM_SIZE) {
            throw tooLarge();
        }
        Pattern compiled = compile(expression);
        if (compiled.programSize() > 4 * MAXIMUM_SIZE) {
            throw tooLarge();
        }
        if (matchesNothing(expression)) {
            throw new IllegalArgumentException("the pattern also matches an empty text, which is everywhere");
        }
        return new PatternFinder(compiled);
    }

    /** One pattern that finds whatever one of several finds. */
    static PatternFinder anyOf(List<String> expressions) {
        return new PatternFinder(Pattern.compile("(?:" + String.join(")|(?:", expressions) + ")"));
    }

    private static IllegalArgumentException tooLarge() {
        return new IllegalArgumentException("the pattern is too large once its repetitions are written out");
    }

    private static Pattern compile(String expression) {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException failure) {
            throw new IllegalArgumentException(
                    "not a regular expression in RE2 syntax (" + failure.getDescription() + ")", failure);
        }
    }

    /** Whether there are neighbours between which it matches without taking a character. */
    private static boolean matchesNothing(String expression) {
        for (String before : NEIGHBOURS) {
            for (String after : NEIGHBOURS) {
                Pattern between = Pattern.compile(
                        "(?s:.{" + before.length() + "})(?:" + expression + ")(?s:.{" + after.length() + "})");
                if (between.matcher(before + after).matches()) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public @Nullable Span find(CharSequence text, int from) {
        Matcher matcher = pattern.matcher(text);
        return from <= text.length() && matcher.find(from) ? new Span(matcher.start(), matcher.end()) : null;
    }
}
