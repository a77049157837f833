package org.llmfactory.models.adapter;

import java.util.ArrayList;
import java.util.List;
import org.llmfactory.models.decoder.DecoderConfig;

/**
 * A linear layer as PEFT sees it: one projection, or several that the family keeps in one tensor.
 *
 * @param name full name, for example {@code model.layers.0.self_attn.q_proj}
 * @param layer the block
 * @param parts its projections in the order of its rows
 */
record LinearModule(String name, int layer, List<Projection> parts) {
    /** All linear layers in the blocks of a base model. */
    static List<LinearModule> of(DecoderConfig base) {
        boolean fused = base.family().equals("phi3");
        List<LinearModule> modules = new ArrayList<>();
        for (int layer = 0; layer < base.layers(); layer++) {
            if (fused) {
                modules.add(of(layer, "self_attn.qkv_proj", Projection.Q, Projection.K, Projection.V));
                modules.add(of(layer, "mlp.gate_up_proj", Projection.GATE, Projection.UP));
                modules.add(of(layer, Projection.O.path(), Projection.O));
                modules.add(of(layer, Projection.DOWN.path(), Projection.DOWN));
            } else {
                for (Projection projection : Projection.values()) {
                    modules.add(of(layer, projection.path(), projection));
                }
            }
        }
        return modules;
    }

    private static LinearModule of(int layer, String path, Projection... parts) {
        return new LinearModule("model.layers." + layer + "." + path, layer, List.of(parts));
    }

    int inputWidth(DecoderConfig base) {
        return parts.get(0).inputWidth(base);
    }

    int outputWidth(DecoderConfig base) {
        return parts.stream().mapToInt(part -> part.outputWidth(base)).sum();
    }
}
