package org.llmfactory.models.decoder;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which weights a decoder has, under Hugging Face's names for Llama, and their shapes. */
final class WeightShapes {
    static final String EMBEDDING = "model.embed_tokens.weight";
    static final String NORM = "model.norm.weight";
    static final String HEAD = "lm_head.weight";

    private WeightShapes() {}

    static Map<String, long[]> of(DecoderConfig config) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        long hidden = config.hiddenSize();
        shapes.put(EMBEDDING, new long[] {config.vocabularySize(), hidden});
        for (int layer = 0; layer < config.layers(); layer++) {
            addLayer(shapes, config, "model.layers." + layer + ".");
        }
        shapes.put(NORM, new long[] {hidden});
        shapes.put(HEAD, new long[] {config.vocabularySize(), hidden});
        return shapes;
    }

    private static void addLayer(Map<String, long[]> shapes, DecoderConfig config, String layer) {
        long hidden = config.hiddenSize();
        long intermediate = config.intermediateSize();
        long queries = config.queryWidth();
        long keys = config.keyValueWidth();
        shapes.put(layer + "input_layernorm.weight", new long[] {hidden});
        shapes.put(layer + "self_attn.q_proj.weight", new long[] {queries, hidden});
        shapes.put(layer + "self_attn.k_proj.weight", new long[] {keys, hidden});
        shapes.put(layer + "self_attn.v_proj.weight", new long[] {keys, hidden});
        shapes.put(layer + "self_attn.o_proj.weight", new long[] {hidden, queries});
        if (config.attentionBias()) {
            shapes.put(layer + "self_attn.q_proj.bias", new long[] {queries});
            shapes.put(layer + "self_attn.k_proj.bias", new long[] {keys});
            shapes.put(layer + "self_attn.v_proj.bias", new long[] {keys});
        }
        if (config.queryKeyNorm()) {
            shapes.put(layer + "self_attn.q_norm.weight", new long[] {config.headDim()});
            shapes.put(layer + "self_attn.k_norm.weight", new long[] {config.headDim()});
        }
        shapes.put(layer + "post_attention_layernorm.weight", new long[] {hidden});
        shapes.put(layer + "mlp.gate_proj.weight", new long[] {intermediate, hidden});
        shapes.put(layer + "mlp.up_proj.weight", new long[] {intermediate, hidden});
        shapes.put(layer + "mlp.down_proj.weight", new long[] {hidden, intermediate});
    }
}
