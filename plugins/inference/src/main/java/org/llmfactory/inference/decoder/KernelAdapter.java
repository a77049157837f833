package org.llmfactory.inference.decoder;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.adapter.Projection;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;

/** An adapter that the kernel reads where it lies. */
final class KernelAdapter extends DecoderAdapter {
    /** Numbers of one projection in the kernel's table: address of A, address of B, rank, first column, columns. */
    static final int FIELDS = 5;

    private final long[] row;

    private KernelAdapter(Arena arena, TensorList tensors, long bytes, long[] row) {
        super(arena, tensors, bytes);
        this.row = row;
    }

    static KernelAdapter load(
            Arena parent, ServingProgram program, DecoderConfig config, Map<LoraTarget, LoraPair> pairs) {
        Arena arena = parent.newChild();
        try {
            List<Tensor> tensors = prepare(arena, program, pairs, config.layers(), 0);
            TensorList list = program.listOf(tensors);
            long[] row = row(program.addresses(arena, list), config, pairs);
            return new KernelAdapter(arena, list, bytes(tensors), row);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** What the table says of all projections of all layers. */
    long[] row() {
        return row;
    }

    private static long[] row(long[] addresses, DecoderConfig config, Map<LoraTarget, LoraPair> pairs) {
        Projection[] projections = Projection.values();
        LongArray row = new LongArray();
        for (int layer = 0; layer < config.layers(); layer++) {
            int first = 2 * projections.length * layer;
            for (int p = 0; p < projections.length; p++) {
                Optional<LoraPair> pair = Optional.ofNullable(pairs.get(new LoraTarget(layer, projections[p])));
                row.add(
                        addresses[first + p],
                        addresses[first + projections.length + p],
                        pair.map(LoraPair::rank).orElse(0),
                        firstColumn(projections[p], config),
                        projections[p].outputWidth(config));
            }
        }
        return row.toArray();
    }

    /** Where a projection's output begins in the output that it shares with others. */
    private static long firstColumn(Projection projection, DecoderConfig config) {
        return switch (projection) {
            case Q, O, GATE, DOWN -> 0;
            case K -> config.queryWidth();
            case V -> (long) config.queryWidth() + config.keyValueWidth();
            case UP -> config.intermediateSize();
        };
    }
}
