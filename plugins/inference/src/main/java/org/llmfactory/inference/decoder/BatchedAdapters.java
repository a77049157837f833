package org.llmfactory.inference.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llmfactory.inference.runner.Chunk;
import org.llmfactory.inference.runner.WeightedAdapter;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.Tensor;
import org.llmfactory.torch.TensorList;

/** Adapters for PyTorch's own operators: those in use are copied side by side into banks, one for each rank. */
final class BatchedAdapters implements AdapterMemory {
    private final ServingProgram program;
    private final Arena memory;
    private final int layers;
    private final Map<Integer, AdapterBank> banks = new LinkedHashMap<>();
    private TensorList tensors;

    BatchedAdapters(ServingProgram program, Arena memory, int layers) {
        this.program = program;
        this.memory = memory;
        this.layers = layers;
        this.tensors = program.listOf(List.of());
    }

    @Override
    public BankedAdapter load(Map<LoraTarget, LoraPair> pairs) {
        return BankedAdapter.load(memory, program, layers, pairs);
    }

    @Override
    public AdapterLayout layOut(StepLayout step) {
        Map<Integer, Set<BankedAdapter>> active = active(step);
        if (active.isEmpty()) {
            return AdapterLayout.NONE;
        }
        boolean changed = false;
        for (Map.Entry<Integer, Set<BankedAdapter>> entry : active.entrySet()) {
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

    @Override
    public TensorList tensors() {
        return tensors;
    }

    @Override
    public void close() {
        tensors.close();
        banks.values().forEach(AdapterBank::close);
    }

    private static Map<Integer, Set<BankedAdapter>> active(StepLayout step) {
        Map<Integer, Set<BankedAdapter>> active = new LinkedHashMap<>();
        for (Chunk chunk : step.ordered()) {
            for (WeightedAdapter weighted : chunk.adapters()) {
                if (weighted.weight() != 0) {
                    BankedAdapter adapter = (BankedAdapter) weighted.adapter();
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
