package org.llmfactory.gateway.generation;

import java.util.List;

/**
 * Looks for stop texts in a growing text, also where one begins in a token and ends in a later one. Text is held back only
 * as long as it may be the beginning of a stop text.
 */
final class StopMatcher {
    private final List<String> stops;
    private final boolean keepStopText;
    private String held = "";
    private boolean matched;

    StopMatcher(StopRules rules) {
        this.stops = rules.strings();
        this.keepStopText = rules.keepStopText();
    }

    /** Takes more text and returns what is certain now. */
    String append(String text) {
        if (stops.isEmpty() || matched) {
            return matched ? "" : text;
        }
        String candidate = held + text;
        int start = -1;
        int end = -1;
        for (String stop : stops) {
            int found = candidate.indexOf(stop);
            if (found >= 0 && (start < 0 || found < start)) {
                start = found;
                end = found + stop.length();
            }
        }
        if (start >= 0) {
            matched = true;
            held = "";
            return candidate.substring(0, keepStopText ? end : start);
        }
        int certain = candidate.length() - possibleStop(candidate);
        held = candidate.substring(certain);
        return candidate.substring(0, certain);
    }

    /** What is still held back, when no more text comes. */
    String finish() {
        String rest = held;
        held = "";
        return rest;
    }

    /** Whether a stop text was found; everything after it is dropped. */
    boolean matched() {
        return matched;
    }

    /** Length of the longest end of {@code text} that a stop text begins with. */
    private int possibleStop(String text) {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, text.length()); length > longest; length--) {
                if (text.endsWith(stop.substring(0, length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
