package org.llmfactory.inference.decoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.decoder.Weights;
import org.llmfactory.inference.runner.ResidentAdapter;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.adapter.Projection;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;

/** An adapter's A and B of every layer, prepared for the program, with the scale in B. */
abstract class DecoderAdapter implements ResidentAdapter {
    private final Arena arena;
    private final TensorList tensors;
    private final long bytes;
    private volatile boolean closed;

    /**
     * Takes what {@link #prepare} made.
     *
     * @param arena closed with this adapter
     */
    DecoderAdapter(Arena arena, TensorList tensors, long bytes) {
        this.arena = arena;
        this.tensors = tensors;
        this.bytes = bytes;
    }

    /**
     * All tensors of an adapter, layer by layer.
     *
     * @param bankRank what ranks are padded to, where they are padded
     */
    static List<Tensor> prepare(
            Arena arena, ServingProgram program, Map<LoraTarget, LoraPair> pairs, int layers, int bankRank) {
        List<Tensor> tensors = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            tensors.addAll(prepareLayer(arena, program, pairs, layer, bankRank));
        }
        return tensors;
    }

    private static List<Tensor> prepareLayer(
            Arena arena, ServingProgram program, Map<LoraTarget, LoraPair> pairs, int layer, int bankRank) {
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
            double[] factors = scales.stream().mapToDouble(Float::doubleValue).toArray();
            return program.prepareAdapter(arena, a, b, factors, bankRank);
        }
    }

    static long bytes(List<Tensor> tensors) {
        long bytes = 0;
        for (Tensor tensor : tensors) {
            long elements = 1;
            for (long size : tensor.shape()) {
                elements *= size;
            }
            bytes += elements * tensor.type().bytes();
        }
        return bytes;
    }

    /**
     * What the program reads.
     *
     * @throws IllegalStateException when the adapter is closed
     */
    TensorList tensors() {
        if (closed) {
            throw new IllegalStateException("the adapter is closed");
        }
        return tensors;
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
