package org.llmfactory.inference.decoder;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.inference.runner.ResidentAdapter;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.adapter.Projection;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;

/** An adapter as the program reads it: every layer's A and B with the scale in B, padded to the rank of its bank. */
final class DecoderAdapter implements ResidentAdapter {
    private static final int SMALLEST_RANK = 8;

    private final Arena arena;
    private final TensorList tensors;
    private final int bankRank;
    private final int sites;
    private final long bytes;
    private volatile boolean closed;

    private DecoderAdapter(Arena arena, TensorList tensors, int bankRank, int sites, long bytes) {
        this.arena = arena;
        this.tensors = tensors;
        this.bankRank = bankRank;
        this.sites = sites;
        this.bytes = bytes;
    }

    static DecoderAdapter load(
            Arena parent, DecoderProgram program, DecoderConfig config, Map<LoraTarget, LoraPair> pairs) {
        int rank = pairs.values().stream().mapToInt(LoraPair::rank).max().orElse(1);
        int bankRank = Math.max(SMALLEST_RANK, Integer.highestOneBit(2 * rank - 1));
        Arena arena = parent.newChild();
        try {
            List<Tensor> tensors = new ArrayList<>();
            for (int layer = 0; layer < config.layers(); layer++) {
                tensors.addAll(loadLayer(arena, program, pairs, layer, bankRank));
            }
            long bytes = 0;
            for (Tensor tensor : tensors) {
                long elements = 1;
                for (long size : tensor.shape()) {
                    elements *= size;
                }
                bytes += elements * program.type().bytes();
            }
            return new DecoderAdapter(arena, program.listOf(tensors), bankRank, sites(pairs), bytes);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    private static List<Tensor> loadLayer(
            Arena arena, DecoderProgram program, Map<LoraTarget, LoraPair> pairs, int layer, int bankRank) {
        try (Arena files = arena.newChild()) {
            Tensor none = files.zeros(program.type(), 0);
            List<Tensor> a = new ArrayList<>();
            List<Tensor> b = new ArrayList<>();
            List<Float> scales = new ArrayList<>();
            for (Projection projection : Projection.values()) {
                Optional<LoraPair> pair = Optional.ofNullable(pairs.get(new LoraTarget(layer, projection)));
                a.add(pair.map(found -> Weights.copy(files, found.a(), program.type()))
                        .orElse(none));
                b.add(pair.map(found -> Weights.copy(files, found.b(), program.type()))
                        .orElse(none));
                scales.add(pair.map(LoraPair::scale).orElse(0F));
            }
            return program.prepareAdapter(
                    arena, a, b, scales.stream().mapToDouble(Float::doubleValue).toArray(), bankRank);
        }
    }

    /** A bit for each place in a layer that takes a change: 1 q, k and v, 2 o, 4 gate and up, 8 down. */
    private static int sites(Map<LoraTarget, LoraPair> pairs) {
        Set<Projection> projections = EnumSet.noneOf(Projection.class);
        pairs.keySet().forEach(target -> projections.add(target.projection()));
        int sites = 0;
        for (Projection projection : projections) {
            sites |= switch (projection) {
                case Q, K, V -> 1;
                case O -> 2;
                case GATE, UP -> 4;
                case DOWN -> 8;
            };
        }
        return sites;
    }

    TensorList tensors() {
        if (closed) {
            throw new IllegalStateException("the adapter is closed");
        }
        return tensors;
    }

    /** Rank of the bank it sits in: a power of two, at least its own rank. */
    int bankRank() {
        return bankRank;
    }

    int sites() {
        return sites;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            tensors.close();
            arena.close();
        }
    }
}
