package org.llmfactory.inference.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llmfactory.inference.runner.Chunk;
import org.llmfactory.inference.runner.WeightedAdapter;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;

/** The banks of all ranks. Used by one thread. */
final class AdapterBanks implements AutoCloseable {
    private final DecoderProgram program;
    private final Arena memory;
    private final int layers;
    private final Map<Integer, AdapterBank> banks = new LinkedHashMap<>();
    private TensorList tensors;

    AdapterBanks(DecoderProgram program, Arena memory, int layers) {
        this.program = program;
        this.memory = memory;
        this.layers = layers;
        this.tensors = program.listOf(List.of());
    }

    /** Seats the adapters of a step and lays out who uses them. */
    AdapterLayout layOut(StepLayout step) {
        Map<Integer, Set<DecoderAdapter>> active = active(step);
        if (active.isEmpty()) {
            return AdapterLayout.NONE;
        }
        boolean changed = false;
        for (Map.Entry<Integer, Set<DecoderAdapter>> entry : active.entrySet()) {
            int rank = entry.getKey();
            changed |= !banks.containsKey(rank);
            AdapterBank bank = banks.computeIfAbsent(rank, key -> new AdapterBank(program, memory, layers, key));
            changed |= bank.seat(entry.getValue());
        }
        if (changed) {
            tensors.close();
            tensors = program.listOf(allTensors());
        }
        return AdapterLayout.of(step, banks, active);
    }

    /** All banks' tensors, in the order that layouts count the banks. */
    TensorList tensors() {
        return tensors;
    }

    @Override
    public void close() {
        tensors.close();
        banks.values().forEach(AdapterBank::close);
    }

    private static Map<Integer, Set<DecoderAdapter>> active(StepLayout step) {
        Map<Integer, Set<DecoderAdapter>> active = new LinkedHashMap<>();
        for (Chunk chunk : step.ordered()) {
            for (WeightedAdapter weighted : chunk.adapters()) {
                if (weighted.weight() != 0) {
                    DecoderAdapter adapter = (DecoderAdapter) weighted.adapter();
                    active.computeIfAbsent(adapter.bankRank(), rank -> new LinkedHashSet<>())
                            .add(adapter);
                }
            }
        }
        return active;
    }

    private List<Tensor> allTensors() {
        List<Tensor> all = new ArrayList<>();
        banks.values().forEach(bank -> all.addAll(bank.tensors()));
        return all;
    }
}
