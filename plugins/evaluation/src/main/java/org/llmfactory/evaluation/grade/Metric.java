package org.llmfactory.evaluation.grade;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Measures of how alike a text and its reference are, from 0 to 1. */
enum Metric {
    /** Twice the longest common subsequence of characters by the length of both (rapidfuzz's {@code ratio}). */
    FUZZY_MATCH,
    /** Papineni et al. 2002, of one sentence, up to four words, smoothed as method 1 of Chen and Cherry 2014. */
    BLEU,
    /** Wu et al. 2016: the lesser of precision and recall of all sequences of one to four words. */
    GLEU,
    /** Lin 2004: F1 of words; those below of sequences of two to five words. */
    ROUGE_1,
    ROUGE_2,
    ROUGE_3,
    ROUGE_4,
    ROUGE_5,
    /** Lin 2004: F1 of the longest common subsequence of words. */
    ROUGE_L;

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final Pattern TOKEN = Pattern.compile("[\\p{L}\\p{N}_]+|[^\\p{L}\\p{N}_\\s]+");

    double of(String text, String reference) {
        return switch (this) {
            case FUZZY_MATCH -> longestCommon(characters(text), characters(reference));
            case BLEU -> Overlap.bleu(tokens(text), tokens(reference));
            case GLEU -> Overlap.gleu(tokens(text), tokens(reference));
            case ROUGE_1 -> rouge(words(text), words(reference), 1);
            case ROUGE_2 -> rouge(words(text), words(reference), 2);
            case ROUGE_3 -> rouge(words(text), words(reference), 3);
            case ROUGE_4 -> rouge(words(text), words(reference), 4);
            case ROUGE_5 -> rouge(words(text), words(reference), 5);
            case ROUGE_L -> longestCommon(words(text), words(reference));
        };
    }

    private static <T> double longestCommon(List<T> text, List<T> reference) {
        return Overlap.f1(Overlap.common(text, reference), text.size(), reference.size());
    }

    private static double rouge(List<String> text, List<String> reference, int length) {
        return Overlap.f1(
                Overlap.shared(text, reference, length),
                Math.max(0, text.size() - length + 1),
                Math.max(0, reference.size() - length + 1));
    }

    private static List<Integer> characters(String text) {
        return text.codePoints().boxed().toList();
    }

    private static List<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    /** Words and runs of other characters, apart. */
    private static List<String> tokens(String text) {
        return TOKEN.matcher(text).results().map(MatchResult::group).toList();
    }
}
