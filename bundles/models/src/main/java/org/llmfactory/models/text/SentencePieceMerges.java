package org.llmfactory.models.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The merges of a SentencePiece BPE vocabulary. The vocabulary has only a score for each token; every way to make a token
 * of two others is a merge, and the better the score, the earlier it is done.
 */
final class SentencePieceMerges {
    private static final int NORMAL = 1;
    private static final int USER_DEFINED = 4;

    /** More characters than a token has that is made by merging; a longer one is found as a whole or not at all. */
    private static final int LONGEST_TOKEN = 256;

    private record Merge(String left, String right, float score, int leftId, int rightId) {}

    private SentencePieceMerges() {}

    /** Pairs in the order they are tried. */
    static List<List<String>> of(List<String> tokens, float[] scores, int[] types) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            if (isMade(types[id])) {
                ids.putIfAbsent(tokens.get(id), id);
            }
        }
        List<Merge> merges = new ArrayList<>();
        ids.forEach((token, id) -> addMerges(token, scores[id], ids, merges));
        merges.sort(Comparator.comparingDouble((Merge merge) -> -merge.score())
                .thenComparing(merge -> -merge.left().length())
                .thenComparing(merge -> -merge.right().length())
                .thenComparing(Merge::leftId)
                .thenComparing(Merge::rightId));
        return merges.stream()
                .map(merge -> List.of(merge.left(), merge.right()))
                .toList();
    }

    /** Types are 0 where a file has none. */
    private static boolean isMade(int type) {
        return type == NORMAL || type == USER_DEFINED || type == 0;
    }

    private static void addMerges(String token, float score, Map<String, Integer> ids, List<Merge> merges) {
        int length = Math.min(token.length(), LONGEST_TOKEN);
        for (int i = 1; i < length; i++) {
            Integer left = ids.get(token.substring(0, i));
            Integer right = left == null ? null : ids.get(token.substring(i));
            if (left != null && right != null) {
                merges.add(new Merge(token.substring(0, i), token.substring(i), score, left, right));
            }
        }
    }
}
