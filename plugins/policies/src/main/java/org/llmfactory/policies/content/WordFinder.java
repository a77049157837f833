package org.llmfactory.policies.content;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds words and phrases in any case where no letter or digit is next to them. Takes the same time for ten words and for
 * ten thousand: they are looked up by their first part.
 */
final class WordFinder implements Finder {
    /** Characters of a word or phrase at most. */
    static final int MAXIMUM_LENGTH = 100;

    private final Map<String, List<String>> byFirstPart = new HashMap<>();

    /** Finds any of these, each of which begins with a letter or digit. */
    WordFinder(List<String> words) {
        for (String word : words) {
            String firstPart = fold(word, 0, endOfPart(word, 0));
            byFirstPart.computeIfAbsent(firstPart, any -> new ArrayList<>()).add(word);
        }
        // The longest first, so that what is redacted is redacted whole.
        byFirstPart
                .values()
                .forEach(list ->
                        list.sort(Comparator.comparingInt(String::length).reversed()));
    }

    @Override
    public @Nullable Span find(CharSequence text, int from) {
        int at = from > 0 && from <= text.length() && isPart(text.charAt(from - 1)) ? endOfPart(text, from) : from;
        while (at < text.length()) {
            if (!isPart(text.charAt(at))) {
                at++;
                continue;
            }
            int end = endOfPart(text, at);
            Span found = end - at > MAXIMUM_LENGTH ? null : at(text, at, fold(text, at, end));
            if (found != null) {
                return found;
            }
            at = end;
        }
        return null;
    }

    private @Nullable Span at(CharSequence text, int start, String part) {
        for (String word : byFirstPart.getOrDefault(part, List.of())) {
            int end = start + word.length();
            if (end <= text.length()
                    && !(end < text.length() && isPart(text.charAt(end)))
                    && equal(text, start, word)) {
                return new Span(start, end);
            }
        }
        return null;
    }

    private static boolean equal(CharSequence text, int start, String word) {
        for (int i = 0; i < word.length(); i++) {
            if (fold(text.charAt(start + i)) != fold(word.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether a character belongs to a word; halves of a character beyond 16 bits do. */
    static boolean isPart(char character) {
        return Character.isLetterOrDigit(character)
                || Character.isSurrogate(character)
                || Character.getType(character) == Character.NON_SPACING_MARK;
    }

    private static int endOfPart(CharSequence text, int from) {
        int end = from;
        while (end < text.length() && isPart(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static String fold(CharSequence text, int from, int to) {
        char[] folded = new char[to - from];
        for (int i = 0; i < folded.length; i++) {
            folded[i] = fold(text.charAt(from + i));
        }
        return new String(folded);
    }

    private static char fold(char character) {
        return Character.toLowerCase(Character.toUpperCase(character));
    }
}
