package org.llmfactory.inference.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llmfactory.inference.runner.Chunk;
import org.llmfactory.inference.runner.WeightedAdapter;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.adapter.Projection;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.torch.Arena;
import org.llmfactory.torch.TensorList;

/** Adapters for the kernel: nothing is copied for a step but a table of where they lie, and that when they change. */
final class KernelAdapters implements AdapterMemory {
    private final ServingProgram program;
    private final Arena memory;
    private final DecoderConfig config;
    private List<KernelAdapter> tabled = List.of();
    private Arena tableMemory;
    private TensorList table;

    KernelAdapters(ServingProgram program, Arena memory, DecoderConfig config) {
        this.program = program;
        this.memory = memory;
        this.config = config;
        this.tableMemory = memory.newChild();
        this.table = program.listOf(List.of());
    }

    @Override
    public KernelAdapter load(Map<LoraTarget, LoraPair> pairs) {
        return KernelAdapter.load(memory, program, config, pairs);
    }

    @Override
    public AdapterLayout layOut(StepLayout step) {
        Map<KernelAdapter, List<Use>> uses = uses(step);
        if (uses.isEmpty()) {
            return AdapterLayout.NONE;
        }
        uses.keySet().forEach(KernelAdapter::tensors);
        List<KernelAdapter> active = List.copyOf(uses.keySet());
        if (!active.equals(tabled)) {
            makeTable(active);
        }
        return layOut(List.copyOf(uses.values()));
    }

    @Override
    public TensorList tensors() {
        return table;
    }

    @Override
    public void close() {
        table.close();
        tableMemory.close();
    }

    /** Tokens of a step and the weight that an adapter has for them. */
    private record Use(int begin, int end, float weight) {}

    private static Map<KernelAdapter, List<Use>> uses(StepLayout step) {
        Map<KernelAdapter, List<Use>> uses = new LinkedHashMap<>();
        for (int i = 0; i < step.ordered().size(); i++) {
            Chunk chunk = step.ordered().get(i);
            int begin = step.firstToken(i);
            for (WeightedAdapter weighted : chunk.adapters()) {
                if (weighted.weight() != 0) {
                    uses.computeIfAbsent((KernelAdapter) weighted.adapter(), adapter -> new ArrayList<>())
                            .add(new Use(begin, begin + chunk.tokens().length, weighted.weight()));
                }
            }
        }
        return uses;
    }

    private void makeTable(List<KernelAdapter> active) {
        LongArray rows = new LongArray();
        active.forEach(adapter -> rows.add(adapter.row()));
        table.close();
        tableMemory.close();
        tableMemory = memory.newChild();
        table = program.listOf(List.of(tableMemory.of(
                rows.toArray(),
                active.size(),
                (long) Projection.values().length * config.layers(),
                KernelAdapter.FIELDS)));
        tabled = active;
    }

    /** The kernel's plan; the adapters are in the order of the table. */
    private AdapterLayout layOut(List<List<Use>> uses) {
        LongArray groups = new LongArray();
        LongArray tokens = new LongArray();
        List<Float> weights = new ArrayList<>();
        for (int adapter = 0; adapter < uses.size(); adapter++) {
            int begin = tokens.size();
            for (Use use : uses.get(adapter)) {
                for (int token = use.begin(); token < use.end(); token++) {
                    tokens.add(token);
                    weights.add(use.weight());
                }
            }
            groups.add(adapter, begin, tokens.size());
        }
        LongArray plan = new LongArray();
        plan.add(uses.size(), tokens.size());
        plan.add(groups.toArray());
        plan.add(tokens.toArray());
        float[] shares = new float[weights.size()];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = weights.get(i);
        }
        return new AdapterLayout(new long[] {program.type().code()}, plan.toArray(), shares, new double[0]);
    }
}
