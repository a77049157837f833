package org.llmfactory.inference.decoder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.llmfactory.inference.runner.Chunk;
import org.llmfactory.inference.runner.ModelRunner;
import org.llmfactory.inference.runner.StepOutput;
import org.llmfactory.inference.runner.WeightedAdapter;

/** A sequence as an engine would drive it: what was computed so far, its blocks, its adapters. */
final class Conversation {
    private final int[] blockTable;
    private final List<WeightedAdapter> adapters;
    private final boolean longContext;
    private int length;

    Conversation(int[] blockTable, List<WeightedAdapter> adapters, boolean longContext) {
        this.blockTable = blockTable;
        this.adapters = adapters;
        this.longContext = longContext;
    }

    static Conversation of(int[] blockTable, WeightedAdapter... adapters) {
        return new Conversation(blockTable, List.of(adapters), false);
    }

    /** The next piece, counted as computed. */
    Chunk next(Chunk.Logits logits, int... tokens) {
        Chunk chunk = new Chunk(tokens, length, blockTable, adapters, longContext, logits);
        length += tokens.length;
        return chunk;
    }

    /** Computes tokens in pieces of a size and returns the logits of all of them. */
    List<float[]> compute(ModelRunner runner, int[] tokens, int pieceSize) {
        List<float[]> rows = new ArrayList<>();
        for (int at = 0; at < tokens.length; at += pieceSize) {
            int[] piece = Arrays.copyOfRange(tokens, at, Math.min(tokens.length, at + pieceSize));
            rows.addAll(run(runner, List.of(next(Chunk.Logits.ALL, piece))));
        }
        return rows;
    }

    static List<float[]> run(ModelRunner runner, List<Chunk> chunks) {
        try (StepOutput output = runner.run(chunks)) {
            List<float[]> rows = new ArrayList<>();
            for (int row = 0; row < output.rows(); row++) {
                rows.add(output.logits(row));
            }
            return rows;
        }
    }

    static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
