package org.llmfactory.inference.decoder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llmfactory.inference.runner.Chunk;
import org.llmfactory.inference.runner.WeightedAdapter;

/**
 * Which tokens of a step go through which adapters, as {@code adapt} reads it; its two forms say what each field holds.
 *
 * @param mixes the banks' slots and chunks; empty when no adapter is in use
 * @param members tokens of the slots' rows, padded
 * @param shares their weights
 * @param factors weights of the chunks
 */
@SuppressWarnings("ArrayRecordComponent") // built once for a step, never compared
record AdapterLayout(long[] mixes, long[] members, float[] shares, double[] factors) {
    /** A step of the base model alone. */
    static final AdapterLayout NONE = new AdapterLayout(new long[0], new long[0], new float[0], new double[0]);

    /** A token, or a chunk of them, and the weight of one of its adapters. */
    private record Use(int begin, int end, float weight) {}

    /**
     * @param banks by rank, in the order of their tensors
     * @param active the adapters in use by rank, seated
     */
    static AdapterLayout of(StepLayout step, Map<Integer, AdapterBank> banks, Map<Integer, Set<BankedAdapter>> active) {
        Builder builder = new Builder();
        for (Map.Entry<Integer, AdapterBank> entry : banks.entrySet()) {
            builder.addBank(step, entry.getKey(), entry.getValue(), active.getOrDefault(entry.getKey(), Set.of()));
        }
        return builder.build();
    }

    private static final class Builder {
        private final LongArray mixes = new LongArray();
        private final LongArray members = new LongArray();
        private final List<Float> shares = new ArrayList<>();
        private final List<Double> factors = new ArrayList<>();

        private void addBank(StepLayout step, int rank, AdapterBank bank, Set<BankedAdapter> active) {
            int slots = 0;
            int sites = 0;
            for (BankedAdapter adapter : active) {
                slots = Math.max(slots, bank.slotOf(adapter) + 1);
                sites |= adapter.sites();
            }
            List<List<Use>> decodes = uses(step, 0, step.decodes(), rank, bank, slots);
            List<List<Use>> chunks = uses(step, step.decodes(), step.ordered().size(), rank, bank, slots);
            int tokens = decodes.stream().mapToInt(List::size).max().orElse(0);
            int chunkCount = chunks.stream().mapToInt(List::size).sum();
            mixes.add(slots, tokens, members.size(), sites, chunkCount);
            decodes.forEach(uses -> addRow(uses, tokens));
            for (int slot = 0; slot < slots; slot++) {
                for (Use use : chunks.get(slot)) {
                    mixes.add(use.begin(), use.end(), slot);
                    factors.add((double) use.weight());
                }
            }
        }

        private void addRow(List<Use> uses, int tokens) {
            for (int i = 0; i < tokens; i++) {
                members.add(i < uses.size() ? uses.get(i).begin() : 0);
                shares.add(i < uses.size() ? uses.get(i).weight() : 0F);
            }
        }

        /** What some of the ordered chunks use, by slot. */
        private static List<List<Use>> uses(StepLayout step, int from, int to, int rank, AdapterBank bank, int slots) {
            List<List<Use>> uses = new ArrayList<>();
            for (int slot = 0; slot < slots; slot++) {
                uses.add(new ArrayList<>());
            }
            for (int i = from; i < to; i++) {
                Chunk chunk = step.ordered().get(i);
                int begin = step.firstToken(i);
                for (WeightedAdapter weighted : chunk.adapters()) {
                    BankedAdapter adapter = (BankedAdapter) weighted.adapter();
                    if (adapter.bankRank() == rank && weighted.weight() != 0) {
                        uses.get(bank.slotOf(adapter))
                                .add(new Use(begin, begin + chunk.tokens().length, weighted.weight()));
                    }
                }
            }
            return uses;
        }

        private AdapterLayout build() {
            float[] weights = new float[shares.size()];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = shares.get(i);
            }
            return new AdapterLayout(
                    mixes.toArray(),
                    members.toArray(),
                    weights,
                    factors.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }
}
