package org.llmfactory.inference.decoder;

import java.util.List;
import java.util.Map;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;

/** An adapter padded to the rank of the bank that it sits in when it is in use. */
final class BankedAdapter extends DecoderAdapter {
    private static final int SMALLEST_RANK = 8;

    private final int bankRank;
    private final int sites;

    private BankedAdapter(Arena arena, TensorList tensors, long bytes, int bankRank, int sites) {
        super(arena, tensors, bytes);
        this.bankRank = bankRank;
        this.sites = sites;
    }

    static BankedAdapter load(Arena parent, ServingProgram program, int layers, Map<LoraTarget, LoraPair> pairs) {
        int rank = pairs.values().stream().mapToInt(LoraPair::rank).max().orElse(1);
        int bankRank = Math.max(SMALLEST_RANK, Integer.highestOneBit(2 * rank - 1));
        Arena arena = parent.newChild();
        try {
            List<Tensor> tensors = prepare(arena, program, pairs, layers, bankRank);
            return new BankedAdapter(arena, program.listOf(tensors), bytes(tensors), bankRank, sites(pairs));
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** A bit for each place in a layer that takes a change: 1 q, k and v, 2 o, 4 gate and up, 8 down. */
    private static int sites(Map<LoraTarget, LoraPair> pairs) {
        int sites = 0;
        for (LoraTarget target : pairs.keySet()) {
            sites |= switch (target.projection()) {
                case Q, K, V -> 1;
                case O -> 2;
                case GATE, UP -> 4;
                case DOWN -> 8;
            };
        }
        return sites;
    }

    /** A power of two, at least the adapter's own rank. */
    int bankRank() {
        return bankRank;
    }

    int sites() {
        return sites;
    }
}
