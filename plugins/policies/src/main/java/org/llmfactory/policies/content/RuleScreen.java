package org.llmfactory.policies.content;

import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.policies.content.RuleSet.Match;

/**
 * Looks for rules in an answer while it is made. Text is decided on in steps of {@link #STRIDE} characters, each with a
 * window of what comes behind it; steps and windows lie at the same places of the answer however it arrived, so that how
 * it was cut changes nothing.
 */
final class RuleScreen implements OutputScreen {
    /** Characters that are decided on together. */
    static final int STRIDE = 32;

    private final RuleSet rules;
    private final int window;
    private final Findings findings;

    /** The last character that was decided on, as context, and everything after it. */
    private final StringBuilder text = new StringBuilder();

    /** Where the undecided text begins: 0 at the beginning of the answer, 1 from then on. */
    private int begin;

    private final int[] next;
    private int redactedTo = -1;
    private boolean blocked;

    RuleScreen(RuleSet rules, int window, Findings findings) {
        this.rules = rules;
        this.window = window;
        this.findings = findings;
        this.next = new int[rules.size()];
    }

    @Override
    public String accept(String more) {
        if (blocked) {
            return "";
        }
        text.append(more);
        StringBuilder out = new StringBuilder();
        while (!blocked && text.length() - begin > STRIDE + window) {
            int end = behindPair(begin + STRIDE);
            decide(end, beforePair(end + window), out);
        }
        return out.toString();
    }

    @Override
    public String finish() {
        StringBuilder out = new StringBuilder();
        if (!blocked) {
            decide(text.length(), text.length(), out);
        }
        return out.toString();
    }

    @Override
    public boolean isBlocked() {
        return blocked;
    }

    /** Gives out what begins before {@code end}, having looked as far as {@code sight}. */
    private void decide(int end, int sight, StringBuilder out) {
        String view = text.substring(0, sight);
        int given = begin;
        for (Match match : rules.matches(view, begin, end, next)) {
            findings.add(match.rule().name(), match.rule().action());
            switch (match.rule().action()) {
                case FLAG -> {}
                case REDACT -> {
                    given = give(given, match.start(), out);
                    if (match.start() > redactedTo) {
                        out.append('[').append(match.rule().name()).append(']');
                    }
                    redactedTo = Math.max(redactedTo, match.end());
                }
                case BLOCK -> {
                    give(given, match.start(), out);
                    blocked = true;
                    text.setLength(0);
                    return;
                }
            }
        }
        give(given, end, out);
        forget(end);
    }

    /** Gives out text as far as it was not redacted, and says how far it has come. */
    private int give(int from, int to, StringBuilder out) {
        int start = Math.max(from, redactedTo);
        if (start < to) {
            out.append(text, start, to);
        }
        return Math.max(from, to);
    }

    private void forget(int end) {
        int shift = Math.max(0, end - 1);
        text.delete(0, shift);
        begin = end - shift;
        redactedTo = Math.max(-1, redactedTo - shift);
        for (int i = 0; i < next.length; i++) {
            next[i] -= shift;
        }
    }

    /** The same place, or the next where it would part the two halves of one character. */
    private int behindPair(int place) {
        return Character.isHighSurrogate(text.charAt(place - 1)) && Character.isLowSurrogate(text.charAt(place))
                ? place + 1
                : place;
    }

    private int beforePair(int place) {
        return Character.isHighSurrogate(text.charAt(place - 1)) ? place - 1 : place;
    }
}
