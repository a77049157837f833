package org.llmfactory.merger.compute;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.adapter.LoraWriter;
import org.llmfactory.models.adapter.Projection;
import org.llmfactory.models.decoder.DecoderConfig;

/**
 * Collects changes of different ranks and writes them as one plain adapter of scale 1: every matrix gets the largest rank, and
 * a layer that is changed nowhere gets zeros when its kind is changed in another block. For one thread.
 */
public final class AdapterBuilder {
    /** Families whose projections are matrices of their own, so that an adapter can be written as PEFT has it. */
    private static final Set<String> FAMILIES = Set.of("llama", "mistral", "qwen2", "qwen3");

    private final DecoderConfig base;
    private final Map<LoraTarget, Change> changes = new LinkedHashMap<>();

    /**
     * Begins an adapter.
     *
     * @throws FactoryException {@code UNSUPPORTED_PARAMETER} for a family whose adapters are not written
     */
    public AdapterBuilder(DecoderConfig base) {
        if (!FAMILIES.contains(base.family())) {
            throw new FactoryException(
                    ErrorCode.UNSUPPORTED_PARAMETER,
                    "Adapters for models of the family " + base.family() + " are not made here.");
        }
        this.base = base;
    }

    private static final class Change {
        static final Change NONE = new Change(0, new float[0], new float[0]);

        final int rank;
        final float[] a;
        final float[] b;

        Change(int rank, float[] a, float[] b) {
            this.rank = rank;
            this.a = a;
            this.b = b;
        }
    }

    /** Adds the change of one layer. */
    public void add(LoraTarget target, MergerProgram.Factors factors) {
        int rank = (int) factors.a().shape()[0];
        changes.put(target, new Change(rank, factors.a().toFloats(), factors.b().toFloats()));
    }

    /**
     * The adapter.
     *
     * @param baseName the name of its base, for people
     */
    public LoraWriter build(String baseName) {
        int rank =
                changes.values().stream().mapToInt(change -> change.rank).max().orElse(1);
        Set<Projection> changed = EnumSet.noneOf(Projection.class);
        changes.keySet().forEach(target -> changed.add(target.projection()));
        LoraWriter writer = new LoraWriter(baseName, rank, rank, 0, false);
        for (int layer = 0; layer < base.layers(); layer++) {
            for (Projection projection : changed) {
                LoraTarget target = new LoraTarget(layer, projection);
                Change change = changes.getOrDefault(target, Change.NONE);
                writer.add(
                        target,
                        Arrays.copyOf(change.a, rank * projection.inputWidth(base)),
                        widened(change, projection.outputWidth(base), rank));
            }
        }
        return writer;
    }

    private static float[] widened(Change change, int rows, int rank) {
        float[] b = new float[rows * rank];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(change.b, row * change.rank, b, row * rank, change.rank);
        }
        return b;
    }
}
