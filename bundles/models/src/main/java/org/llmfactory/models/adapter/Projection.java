package org.llmfactory.models.adapter;

import org.llmfactory.models.decoder.DecoderConfig;

/** The linear layers of a block that an adapter may change, in the order of the forward pass. */
public enum Projection {
    Q("self_attn.q_proj"),
    K("self_attn.k_proj"),
    V("self_attn.v_proj"),
    O("self_attn.o_proj"),
    GATE("mlp.gate_proj"),
    UP("mlp.up_proj"),
    DOWN("mlp.down_proj");

    private final String path;

    Projection(String path) {
        this.path = path;
    }

    /** The module's name, for example {@code q_proj}. */
    public String moduleName() {
        return path.substring(path.indexOf('.') + 1);
    }

    /** The module's path inside its block, for example {@code self_attn.q_proj}. */
    public String path() {
        return path;
    }

    /** Width of the layer's input. */
    public int inputWidth(DecoderConfig config) {
        return switch (this) {
            case Q, K, V, GATE, UP -> config.hiddenSize();
            case O -> config.queryWidth();
            case DOWN -> config.intermediateSize();
        };
    }

    /** Width of the layer's output. */
    public int outputWidth(DecoderConfig config) {
        return switch (this) {
            case Q -> config.queryWidth();
            case K, V -> config.keyValueWidth();
            case GATE, UP -> config.intermediateSize();
            case O, DOWN -> config.hiddenSize();
        };
    }
}
