package org.llmfactory.trainer.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.llmfactory.api.training.LoraParameters;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.adapter.Projection;
import org.llmfactory.models.decoder.DecoderConfig;

/**
 * Which matrices an adapter has, in the order that {@code training.py} takes them: for each layer and each set of
 * projections with the same input every A {@code [rank, in]}, then every B {@code [out, rank]}; of rank 0 for what is left
 * alone.
 */
record AdapterShape(DecoderConfig config, int rank, Set<String> modules) {
    private static final List<List<Projection>> SITES = List.of(
            List.of(Projection.Q, Projection.K, Projection.V),
            List.of(Projection.O),
            List.of(Projection.GATE, Projection.UP),
            List.of(Projection.DOWN));

    AdapterShape(DecoderConfig config, LoraParameters lora) {
        this(config, lora.rank(), lora.targetModules());
    }

    /** One matrix. */
    record Matrix(LoraTarget target, boolean up, int rows, int columns) {
        int size() {
            return rows * columns;
        }
    }

    List<Matrix> matrices() {
        List<Matrix> matrices = new ArrayList<>();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (List<Projection> site : SITES) {
                for (Projection projection : site) {
                    matrices.add(new Matrix(
                            new LoraTarget(layer, projection), false, rank(projection), projection.inputWidth(config)));
                }
                for (Projection projection : site) {
                    matrices.add(new Matrix(
                            new LoraTarget(layer, projection), true, projection.outputWidth(config), rank(projection)));
                }
            }
        }
        return matrices;
    }

    /** Rows and columns of the tensors that the program takes: the A of projections with the same input are one. */
    long[] shapes() {
        LongStream.Builder shapes = LongStream.builder();
        for (int layer = 0; layer < config.layers(); layer++) {
            for (List<Projection> site : SITES) {
                shapes.add(site.stream().mapToInt(this::rank).sum())
                        .add(site.get(0).inputWidth(config));
                site.forEach(
                        projection -> shapes.add(projection.outputWidth(config)).add(rank(projection)));
            }
        }
        return shapes.build().toArray();
    }

    private int rank(Projection projection) {
        return modules.contains(projection.moduleName()) ? rank : 0;
    }

    /** B as a file has it, from B as the program has it: undoes the pairing of rows for the rotation. */
    float[] inFileOrder(LoraTarget target, float[] b) {
        return reordered(target, b, true);
    }

    /** B as the program has it, from B as a file has it. */
    float[] inProgramOrder(LoraTarget target, float[] b) {
        return reordered(target, b, false);
    }

    private float[] reordered(LoraTarget target, float[] b, boolean toFile) {
        int heads = pairedHeads(target.projection());
        if (heads == 0) {
            return b;
        }
        int half = b.length / rank / heads / 2;
        float[] ordered = new float[b.length];
        for (int head = 0; head < heads; head++) {
            for (int pair = 0; pair < half; pair++) {
                for (int side = 0; side < 2; side++) {
                    int program = (head * half + pair) * 2 + side;
                    int file = (head * 2 + side) * half + pair;
                    int from = toFile ? program : file;
                    int to = toFile ? file : program;
                    System.arraycopy(b, from * rank, ordered, to * rank, rank);
                }
            }
        }
        return ordered;
    }

    private int pairedHeads(Projection projection) {
        return switch (projection) {
            case Q -> config.heads();
            case K -> config.keyValueHeads();
            default -> 0;
        };
    }
}
