package org.llmfactory.models.testing;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.llmfactory.models.adapter.Projection;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.tensor.SafetensorsWriter;

/** Random models and adapters of a few kilobytes, whole enough for every module that opens one. */
public final class TinyModels {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final int HIDDEN = 32;
    private static final int INTERMEDIATE = 48;
    private static final int LAYERS = 2;
    private static final int HEADS = 4;
    private static final int KEY_VALUE_HEADS = 2;
    private static final int HEAD_DIM = HIDDEN / HEADS;
    private static final int CONTEXT = 512;

    private TinyModels() {}

    /**
     * Writes a Llama of two layers with a byte-level tokenizer (token {@code 3 + b} is byte {@code b}) and a ChatML
     * template: {@code config.json}, {@code generation_config.json}, {@code model.safetensors}, {@code tokenizer.json},
     * {@code tokenizer_config.json}. The same seed gives the same model.
     *
     * @param folder made when missing
     */
    public static DecoderConfig llama(Path folder, long seed) {
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("config.json"), MAPPER.writeValueAsBytes(llamaConfig()));
            ObjectNode generation =
                    MAPPER.createObjectNode().put("bos_token_id", 1).put("eos_token_id", 2);
            Files.write(folder.resolve("generation_config.json"), MAPPER.writeValueAsBytes(generation));
            TinyTokenizer.write(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        llamaWeights(new Random(seed)).write(folder.resolve("model.safetensors"));
        try (PretrainedDecoder decoder = PretrainedDecoder.open(folder)) {
            return decoder.config();
        }
    }

    /** Writes an adapter of all seven projections with alpha twice the rank; the same seed gives the same adapter. */
    public static void adapter(Path folder, DecoderConfig config, int rank, long seed) {
        adapter(folder, config, rank, seed, EnumSet.allOf(Projection.class));
    }

    /** Writes an adapter of some projections with alpha twice the rank; the same seed gives the same adapter. */
    public static void adapter(Path folder, DecoderConfig config, int rank, long seed, Set<Projection> projections) {
        SafetensorsWriter weights = new SafetensorsWriter();
        Random random = new Random(seed);
        for (int layer = 0; layer < config.layers(); layer++) {
            for (Projection projection : EnumSet.copyOf(projections)) {
                String module = "base_model.model.model.layers." + layer + "." + projection.path();
                int in = projection.inputWidth(config);
                int out = projection.outputWidth(config);
                weights.add(module + ".lora_A.weight", random(random, rank * in, 1 / Math.sqrt(in)), rank, in);
                weights.add(module + ".lora_B.weight", random(random, out * rank, 0.2), out, rank);
            }
        }
        ObjectNode root = MAPPER.createObjectNode()
                .put("peft_type", "LORA")
                .put("task_type", "CAUSAL_LM")
                .put("r", rank)
                .put("lora_alpha", 2 * rank)
                .put("bias", "none");
        List<String> modules =
                projections.stream().map(Projection::moduleName).sorted().toList();
        modules.forEach(root.putArray("target_modules")::add);
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("adapter_config.json"), MAPPER.writeValueAsBytes(root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        weights.write(folder.resolve("adapter_model.safetensors"));
    }

    private static ObjectNode llamaConfig() {
        ObjectNode root = MAPPER.createObjectNode();
        root.putArray("architectures").add("LlamaForCausalLM");
        return root.put("model_type", "llama")
                .put("hidden_act", "silu")
                .put("vocab_size", TinyTokenizer.VOCABULARY)
                .put("hidden_size", HIDDEN)
                .put("intermediate_size", INTERMEDIATE)
                .put("num_hidden_layers", LAYERS)
                .put("num_attention_heads", HEADS)
                .put("num_key_value_heads", KEY_VALUE_HEADS)
                .put("max_position_embeddings", CONTEXT)
                .put("rms_norm_eps", 1e-5)
                .put("rope_theta", 10000.0)
                .put("tie_word_embeddings", false)
                .put("torch_dtype", "float32")
                .put("bos_token_id", 1)
                .put("eos_token_id", 2);
    }

    private static SafetensorsWriter llamaWeights(Random random) {
        SafetensorsWriter writer = new SafetensorsWriter();
        int vocabulary = TinyTokenizer.VOCABULARY;
        writer.add("model.embed_tokens.weight", random(random, vocabulary * HIDDEN, 1), vocabulary, HIDDEN);
        for (int layer = 0; layer < LAYERS; layer++) {
            String block = "model.layers." + layer + ".";
            norm(writer, random, block + "input_layernorm.weight");
            linear(writer, random, block + "self_attn.q_proj.weight", HEADS * HEAD_DIM, HIDDEN);
            linear(writer, random, block + "self_attn.k_proj.weight", KEY_VALUE_HEADS * HEAD_DIM, HIDDEN);
            linear(writer, random, block + "self_attn.v_proj.weight", KEY_VALUE_HEADS * HEAD_DIM, HIDDEN);
            linear(writer, random, block + "self_attn.o_proj.weight", HIDDEN, HEADS * HEAD_DIM);
            norm(writer, random, block + "post_attention_layernorm.weight");
            linear(writer, random, block + "mlp.gate_proj.weight", INTERMEDIATE, HIDDEN);
            linear(writer, random, block + "mlp.up_proj.weight", INTERMEDIATE, HIDDEN);
            linear(writer, random, block + "mlp.down_proj.weight", HIDDEN, INTERMEDIATE);
        }
        norm(writer, random, "model.norm.weight");
        linear(writer, random, "lm_head.weight", vocabulary, HIDDEN);
        return writer;
    }

    private static void linear(SafetensorsWriter writer, Random random, String name, int out, int in) {
        writer.add(name, random(random, out * in, 1.3 / Math.sqrt(in)), out, in);
    }

    private static void norm(SafetensorsWriter writer, Random random, String name) {
        float[] values = random(random, HIDDEN, 0.2);
        for (int i = 0; i < values.length; i++) {
            values[i] += 1;
        }
        writer.add(name, values, HIDDEN);
    }

    private static float[] random(Random random, int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return values;
    }
}
