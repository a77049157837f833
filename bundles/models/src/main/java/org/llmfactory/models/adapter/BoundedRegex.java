package org.llmfactory.models.adapter;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.llmfactory.models.internal.Faults;

/** A regular expression out of an upload: it may not be long, and matching may not take long. */
final class BoundedRegex {
    private static final int LONGEST = 4096;
    private static final int MOST_STEPS = 200_000;

    private final String file;
    private final String written;
    private final Pattern pattern;

    private BoundedRegex(String file, String written, Pattern pattern) {
        this.file = file;
        this.written = written;
        this.pattern = pattern;
    }

    /** An expression for a whole module name. */
    static BoundedRegex whole(String file, String written) {
        return compile(file, written, written);
    }

    /** An expression for a module name or for its end after a dot, as PEFT's patterns of ranks are. */
    static BoundedRegex suffix(String file, String written) {
        return compile(file, written, "(.*\\.)?(" + written + ")$");
    }

    private static BoundedRegex compile(String file, String written, String expression) {
        try {
            if (written.length() <= LONGEST) {
                return new BoundedRegex(file, written, Pattern.compile(expression));
            }
        } catch (PatternSyntaxException | StackOverflowError e) {
            throw Faults.invalid(file, "the pattern " + Faults.quote(written) + " is not a regular expression", e);
        }
        throw Faults.invalid(file, "a pattern of " + written.length() + " characters is longer than " + LONGEST);
    }

    boolean matches(String name) {
        return find(name, Matcher::matches);
    }

    boolean matchesStart(String name) {
        return find(name, Matcher::lookingAt);
    }

    private boolean find(String name, Predicate<Matcher> how) {
        try {
            return how.test(pattern.matcher(new CountedText(name)));
        } catch (TooManyStepsException | StackOverflowError e) {
            throw Faults.invalid(file, "the pattern " + Faults.quote(written) + " takes too long to match", e);
        }
    }

    /** Counts how often the matcher looks at a character, the only brake a backtracking matcher has. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private int steps;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            steps++;
            if (steps > MOST_STEPS) {
                throw new TooManyStepsException();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static final class TooManyStepsException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
