package org.llmfactory.evaluation.grade;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts what two sequences have in common. */
final class Overlap {
    private static final int LONGEST = 4;
    private static final double SMOOTHING = 0.1;

    private Overlap() {}

    /** The harmonic mean of {@code common / size} and {@code common / otherSize}. */
    static double f1(int common, int size, int otherSize) {
        return size + otherSize == 0 ? 0 : 2.0 * common / (size + otherSize);
    }

    /** Length of the longest common subsequence. */
    static <T> int common(List<T> one, List<T> other) {
        int[] row = new int[other.size() + 1];
        for (T element : one) {
            int diagonal = 0;
            for (int j = 0; j < other.size(); j++) {
                int above = row[j + 1];
                row[j + 1] = element.equals(other.get(j)) ? diagonal + 1 : Math.max(above, row[j]);
                diagonal = above;
            }
        }
        return row[other.size()];
    }

    /** Sequences of so many elements that are in both, each as often as it is in the one that has it more seldom. */
    static int shared(List<String> one, List<String> other, int length) {
        Map<List<String>, Integer> left = new HashMap<>();
        for (int i = 0; i + length <= other.size(); i++) {
            left.merge(other.subList(i, i + length), 1, Integer::sum);
        }
        int shared = 0;
        for (int i = 0; i + length <= one.size(); i++) {
            List<String> sequence = one.subList(i, i + length);
            int there = left.getOrDefault(sequence, 0);
            if (there > 0) {
                left.put(sequence, there - 1);
                shared++;
            }
        }
        return shared;
    }

    static double bleu(List<String> text, List<String> reference) {
        if (shared(text, reference, 1) == 0) {
            return 0;
        }
        double sum = 0;
        for (int length = 1; length <= LONGEST; length++) {
            int possible = Math.max(1, text.size() - length + 1);
            int shared = shared(text, reference, length);
            sum += Math.log((shared == 0 ? SMOOTHING : shared) / possible) / LONGEST;
        }
        double brevity = text.size() > reference.size() ? 1 : Math.exp(1 - (double) reference.size() / text.size());
        return brevity * Math.exp(sum);
    }

    static double gleu(List<String> text, List<String> reference) {
        int shared = 0;
        int mine = 0;
        int right = 0;
        for (int length = 1; length <= LONGEST; length++) {
            shared += shared(text, reference, length);
            mine += Math.max(0, text.size() - length + 1);
            right += Math.max(0, reference.size() - length + 1);
        }
        return shared == 0 ? 0 : (double) shared / Math.max(mine, right);
    }
}
