package org.llmfactory.models.decoder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.llmfactory.models.internal.BoundedJson;
import org.llmfactory.models.internal.Faults;
import org.llmfactory.models.internal.JsonFields;

/** Reads {@code config.json} and {@code generation_config.json} of a Hugging Face folder. */
final class HuggingFaceConfig {
    static final String CONFIG = "config.json";
    static final String GENERATION_CONFIG = "generation_config.json";

    private static final int LARGEST_FILE = 1 << 20;
    private static final List<String> SILU = List.of("silu", "swish");
    private static final int QWEN3_HEAD_WIDTH = 128;
    private static final int QWEN_WINDOW_LAYERS = 28;
    private static final int MISTRAL_WINDOW = 4096;

    private final JsonFields fields;
    private final DecoderFamily family;

    private HuggingFaceConfig(JsonFields fields) {
        this.fields = fields;
        this.family = DecoderFamily.ofModelType(
                fields.file(), fields.text("model_type").orElseThrow(() -> fields.fault("model_type", "is missing")));
    }

    /** The configuration of the model in a folder. */
    static DecoderConfig read(Path folder) {
        return new HuggingFaceConfig(BoundedJson.read(folder.resolve(CONFIG), LARGEST_FILE)).decoder(folder);
    }

    private DecoderConfig decoder(Path folder) {
        refuseWhatIsNotServed();
        int vocabulary = fields.requiredCount("vocab_size", ConfigLimits.VOCABULARY);
        int hidden = fields.requiredCount("hidden_size", ConfigLimits.WIDTH);
        int layers = fields.requiredCount("num_hidden_layers", ConfigLimits.LAYERS);
        int heads = fields.requiredCount("num_attention_heads", ConfigLimits.HEADS);
        int keyValueHeads =
                fields.count("num_key_value_heads", ConfigLimits.HEADS).orElse(heads);
        if (heads % keyValueHeads != 0) {
            throw fields.fault("num_key_value_heads", "does not divide num_attention_heads");
        }
        int headDim = headDim(hidden, heads);
        int maxPositions = fields.requiredCount("max_position_embeddings", ConfigLimits.CONTEXT);
        RopeFields rope = new RopeFields(fields, family, headDim, maxPositions);
        RopeScaling scaling = rope.scaling();
        return new DecoderConfig(
                family.modelType(),
                vocabulary,
                hidden,
                fields.requiredCount("intermediate_size", ConfigLimits.WIDTH),
                layers,
                heads,
                keyValueHeads,
                headDim,
                fields.positive("rms_norm_eps").orElse(family.defaultNormEpsilon()),
                RopeScaling.contextLength(maxPositions, scaling),
                rope.theta(),
                scaling,
                slidingWindow(layers),
                family.attentionBias(),
                family.queryKeyNorm(),
                fields.flag("tie_word_embeddings", false),
                beginTokens(vocabulary),
                stopTokens(folder, vocabulary));
    }

    private void refuseWhatIsNotServed() {
        String activation = fields.text("hidden_act").orElse("silu");
        if (!SILU.contains(activation)) {
            throw fields.fault("hidden_act", "is " + Faults.quote(activation) + "; only silu is served");
        }
        for (String field : List.of("quantization_config", "compression_config")) {
            if (fields.isActive(field)) {
                throw fields.fault(field, "is set: quantised checkpoints are served as GGUF files only");
            }
        }
        for (String field : List.of("attention_bias", "mlp_bias")) {
            if (fields.isActive(field) && !family.attentionBias()) {
                throw fields.fault(field, "is set: this family is served without it");
            }
        }
        if (fields.has("partial_rotary_factor") && fields.requiredPositive("partial_rotary_factor") != 1) {
            throw fields.fault("partial_rotary_factor", "is not 1: rotating a part of each head is not served");
        }
    }

    private int headDim(int hidden, int heads) {
        int headDim;
        if (fields.has("head_dim")) {
            headDim = fields.requiredCount("head_dim", ConfigLimits.HEAD_WIDTH);
        } else if (family == DecoderFamily.QWEN3) {
            headDim = QWEN3_HEAD_WIDTH;
        } else if (hidden % heads == 0) {
            headDim = hidden / heads;
        } else {
            throw fields.fault("num_attention_heads", "does not divide hidden_size");
        }
        if (headDim % 2 != 0 || headDim > ConfigLimits.HEAD_WIDTH) {
            throw fields.fault("head_dim", "is " + headDim + ", which is odd or too large");
        }
        return headDim;
    }

    /** The window of all layers; a model whose layers differ is refused. */
    private int slidingWindow(int layers) {
        boolean defaults = family == DecoderFamily.MISTRAL && !fields.node().has("sliding_window");
        int window = fields.count("sliding_window", Integer.MAX_VALUE).orElse(defaults ? MISTRAL_WINDOW : 0);
        if (window == 0 || family == DecoderFamily.LLAMA) {
            return 0;
        }
        if (fields.has("layer_types")) {
            return byLayerTypes(window);
        }
        if (family == DecoderFamily.MISTRAL || family == DecoderFamily.PHI3) {
            return window;
        }
        int sliding = layers
                - fields.wholes("max_window_layers", 0, Integer.MAX_VALUE, 1).stream()
                        .findFirst()
                        .orElse(QWEN_WINDOW_LAYERS);
        if (!fields.flag("use_sliding_window", false) || sliding <= 0) {
            return 0;
        }
        if (sliding == layers) {
            return window;
        }
        throw fields.fault("max_window_layers", "lets some layers attend further than others, which is not served");
    }

    private int byLayerTypes(int window) {
        boolean usesWindow = fields.flag("use_sliding_window", true);
        Set<String> types = new HashSet<>(fields.texts("layer_types", ConfigLimits.LAYERS));
        if (types.equals(Set.of("full_attention")) || !usesWindow) {
            return 0;
        }
        if (types.equals(Set.of("sliding_attention"))) {
            return window;
        }
        throw fields.fault("layer_types", "lets layers differ, which is not served");
    }

    private Set<Integer> beginTokens(int vocabulary) {
        return Set.copyOf(fields.wholes("bos_token_id", 0, vocabulary - 1, ConfigLimits.STOP_TOKENS));
    }

    private Set<Integer> stopTokens(Path folder, int vocabulary) {
        if (Files.exists(folder.resolve(GENERATION_CONFIG))) {
            JsonFields generation = BoundedJson.read(folder.resolve(GENERATION_CONFIG), LARGEST_FILE);
            if (generation.has("eos_token_id")) {
                return stopTokens(generation, vocabulary);
            }
        }
        return stopTokens(fields, vocabulary);
    }

    private static Set<Integer> stopTokens(JsonFields fields, int vocabulary) {
        return Set.copyOf(new HashSet<>(fields.wholes("eos_token_id", 0, vocabulary - 1, ConfigLimits.STOP_TOKENS)));
    }
}
