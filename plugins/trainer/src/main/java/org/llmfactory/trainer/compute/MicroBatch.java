package org.llmfactory.trainer.compute;

import java.util.ArrayList;
import java.util.List;

/** Where everything of one call lies, as {@code training.py} reads it: the tokens of all parts in one row. */
final class MicroBatch {
    private final long[] tokens;
    private final long[] sequences;
    private final long[] runs;
    private final long[] wanted;
    private final float[] shares;
    private final int tokenCount;

    private MicroBatch(List<Part> parts, int longContext) {
        List<Sequence> all =
                parts.stream().flatMap(part -> part.sequences().stream()).toList();
        this.tokenCount = all.stream().mapToInt(Sequence::length).sum();
        int wantedCount = all.stream().mapToInt(Sequence::trainedTokens).sum();
        this.tokens = new long[3 * tokenCount];
        this.sequences = new long[2 * all.size()];
        this.runs = new long[2 * parts.size()];
        this.wanted = new long[2 * wantedCount];
        this.shares = new float[wantedCount];
        place(parts, longContext);
    }

    /**
     * @param longContext sequences longer than this turn by rotary factors of their own
     */
    static MicroBatch of(List<Part> parts, int longContext) {
        return new MicroBatch(parts, longContext);
    }

    private void place(List<Part> parts, int longContext) {
        int token = 0;
        int sequence = 0;
        int want = 0;
        for (int run = 0; run < parts.size(); run++) {
            Part part = parts.get(run);
            runs[2 * run] = token;
            for (int s = 0; s < part.sequences().size(); s++) {
                Sequence one = part.sequences().get(s);
                sequences[2 * sequence] = token;
                for (int i = 0; i < one.length(); i++) {
                    tokens[token + i] = one.tokens()[i];
                    tokens[tokenCount + token + i] = i;
                    tokens[2 * tokenCount + token + i] = one.length() > longContext ? 1 : 0;
                    if (i > 0 && one.trained()[i]) {
                        wanted[want] = (long) token + i - 1;
                        wanted[shares.length + want] = one.tokens()[i];
                        shares[want++] = part.shares().get(s);
                    }
                }
                token += one.length();
                sequences[2 * sequence++ + 1] = token;
            }
            runs[2 * run + 1] = token;
        }
    }

    /** Gives what was found for each wanted token to its sequence. */
    static List<List<Figures>> figures(List<Part> parts, float[] losses, float[] hits) {
        List<List<Figures>> all = new ArrayList<>();
        int at = 0;
        for (Part part : parts) {
            List<Figures> found = new ArrayList<>();
            for (Sequence sequence : part.sequences()) {
                double loss = 0;
                int hit = 0;
                int count = sequence.trainedTokens();
                for (int i = 0; i < count; i++, at++) {
                    loss += losses[at];
                    hit += hits[at] > 0 ? 1 : 0;
                }
                found.add(new Figures(loss, hit, count));
            }
            all.add(found);
        }
        return all;
    }

    long[] tokens() {
        return tokens;
    }

    int tokenCount() {
        return tokenCount;
    }

    long[] sequences() {
        return sequences;
    }

    long[] runs() {
        return runs;
    }

    long[] wanted() {
        return wanted;
    }

    float[] shares() {
        return shares;
    }
}
