package org.llmfactory.models.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.models.tensor.GgufFile;
import org.llmfactory.models.testing.Fixtures;
import org.llmfactory.models.testing.GgufWriter;
import org.llmfactory.models.testing.TinyModels;

class ConfigTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    Path folder;

    @BeforeEach
    void writeModel() {
        TinyModels.llama(folder, 1);
    }

    @Test
    void familiesDifferAsTheyShould() {
        assertThat(fixture("mistral").slidingWindow()).isEqualTo(8);
        assertThat(fixture("qwen2").attentionBias()).isTrue();
        assertThat(fixture("qwen2").slidingWindow()).isZero();
        assertThat(fixture("qwen2").stopTokens()).isEqualTo(Set.of(284, 282));
        assertThat(fixture("qwen3").queryKeyNorm()).isTrue();
        assertThat(fixture("qwen3").headDim()).isEqualTo(16);
        assertThat(fixture("llama3").stopTokens()).isEqualTo(Set.of(284, 287));
        assertThat(fixture("llama3").rope()).isEqualTo(new RopeScaling.Llama3(8, 1, 4, 256));
        assertThat(fixture("llama-linear").rope()).isEqualTo(new RopeScaling.Linear(2));
        assertThat(fixture("llama-yarn").contextLength()).isEqualTo(64);
        assertThat(fixture("phi3-longrope").rope()).isInstanceOf(RopeScaling.LongRope.class);
        assertThat(fixture("smollm2").keyValueHeads()).isEqualTo(1);
    }

    static Stream<Arguments> refusedConfigurations() {
        return Stream.of(
                refused(
                        root -> root.put("model_type", "gpt2"),
                        "models of the family 'gpt2' are not served yet; served are llama, mistral, qwen2, qwen3, phi3"),
                refused(root -> root.remove("model_type"), "'model_type' is missing"),
                refused(root -> root.put("hidden_act", "gelu"), "only silu is served"),
                refused(root -> root.put("hidden_size", -1), "'hidden_size' is '-1', not a whole number"),
                refused(root -> root.put("hidden_size", 1e18), "'hidden_size' is"),
                refused(root -> root.put("hidden_size", 33), "does not divide hidden_size"),
                refused(root -> root.put("hidden_size", 64), "the configuration says [259, 64]"),
                refused(root -> root.put("num_hidden_layers", 2_000_000_000), "'num_hidden_layers' is"),
                refused(root -> root.put("num_hidden_layers", 3), "'model.layers.2.input_layernorm.weight' is missing"),
                refused(root -> root.put("num_key_value_heads", 3), "does not divide num_attention_heads"),
                refused(root -> root.put("num_attention_heads", 0), "'num_attention_heads' is"),
                refused(root -> root.put("head_dim", 7), "odd"),
                refused(root -> root.put("vocab_size", "many"), "'vocab_size' is not a number"),
                refused(root -> root.put("vocab_size", 2.5), "not a whole number"),
                refused(root -> root.put("rms_norm_eps", 0), "not greater than 0"),
                refused(root -> root.put("rope_theta", 1), "not greater than 1"),
                refused(root -> root.put("attention_bias", true), "'attention_bias' is set"),
                refused(root -> root.put("mlp_bias", true), "'mlp_bias' is set"),
                refused(root -> root.put("partial_rotary_factor", 0.5), "rotating a part of each head"),
                refused(root -> root.putObject("quantization_config").put("quant_method", "gptq"), "GGUF files only"),
                refused(root -> root.put("rope_scaling", "x"), "'rope_scaling' is not an object"),
                refused(root -> root.putObject("rope_scaling").put("type", "mrope"), "'mrope' is not served"),
                refused(root -> root.putObject("rope_scaling").put("type", "linear"), "'factor' is missing"),
                refused(
                        root -> root.putObject("rope_scaling")
                                .put("type", "linear")
                                .put("factor", 0.5),
                        "less than 1"),
                refused(
                        root -> root.putObject("rope_scaling")
                                .put("type", "longrope")
                                .putArray("short_factor")
                                .add(1),
                        "'short_factor' has 1 numbers, not 4"),
                refused(root -> root.putObject("rope_parameters").putObject("full_attention"), "differ between layers"),
                refused(
                        root -> root.putObject("rope_scaling")
                                .put("type", "llama3")
                                .put("factor", 8)
                                .put("low_freq_factor", 4)
                                .put("high_freq_factor", 4),
                        "not greater than low_freq_factor"),
                refused(root -> root.put("bos_token_id", 259), "'bos_token_id' is '259'"));
    }

    @ParameterizedTest
    @MethodSource("refusedConfigurations")
    void configurationIsRefusedWithTheReason(Consumer<ObjectNode> change, String reason) throws IOException {
        change(change);
        assertRefused(folder, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{", "{\"a\":1,\"a\":2}", "{} {}", "null", "\"x\"", "{\"a\":NaN}"})
    void brokenJsonIsRefused(String json) throws IOException {
        Files.writeString(folder.resolve("config.json"), json);
        assertRefused(folder, "config.json: ");
    }

    @Test
    void deepAndLargeJsonIsRefused() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"a\":" + "[".repeat(100_000));
        assertRefused(folder, "nesting depth");
        Files.writeString(folder.resolve("config.json"), " ".repeat(2 << 20) + "{}");
        assertRefused(folder, "more than the 1048576");
    }

    @Test
    void endTokensAreBounded() throws IOException {
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[1,-1]}");
        assertRefused(folder, "generation_config.json: 'eos_token_id'");
    }

    @Test
    void endTokensOfTheGenerationConfigurationCount() throws IOException {
        Files.writeString(folder.resolve("generation_config.json"), "{\"eos_token_id\":[7,8,7]}");
        assertThat(HuggingFaceConfig.read(folder).stopTokens()).isEqualTo(Set.of(7, 8));
        Files.writeString(folder.resolve("generation_config.json"), "{}");
        assertThat(HuggingFaceConfig.read(folder).stopTokens()).isEqualTo(Set.of(2));
    }

    @Test
    void qwenSlidesInAllLayersOrNone() throws IOException {
        change(root -> root.put("model_type", "qwen2").put("sliding_window", 16).put("max_window_layers", 0));
        assertThat(HuggingFaceConfig.read(folder).slidingWindow()).isZero();
        change(root -> root.put("use_sliding_window", true));
        assertThat(HuggingFaceConfig.read(folder).slidingWindow()).isEqualTo(16);
        change(root -> root.put("max_window_layers", 2));
        assertThat(HuggingFaceConfig.read(folder).slidingWindow()).isZero();
        change(root -> root.put("max_window_layers", 1));
        assertRefused(folder, "'max_window_layers' lets some layers attend further");
        change(root -> root.putArray("layer_types").add("full_attention").add("sliding_attention"));
        assertRefused(folder, "'layer_types' lets layers differ");
        change(root -> root.putArray("layer_types").add("sliding_attention").add("sliding_attention"));
        assertThat(HuggingFaceConfig.read(folder).slidingWindow()).isEqualTo(16);
    }

    @Test
    void mistralSlidesUnlessItSaysNot() throws IOException {
        change(root -> root.put("model_type", "mistral"));
        assertThat(HuggingFaceConfig.read(folder).slidingWindow()).isEqualTo(4096);
        change(root -> root.putNull("sliding_window"));
        assertThat(HuggingFaceConfig.read(folder).slidingWindow()).isZero();
    }

    @Test
    void yarnStretchesTheContext() throws IOException {
        change(root -> root.putObject("rope_scaling").put("type", "yarn").put("factor", 4));
        assertThat(HuggingFaceConfig.read(folder).contextLength()).isEqualTo(2048);
        change(root -> root.withObject("/rope_scaling").put("original_max_position_embeddings", 64));
        assertThat(HuggingFaceConfig.read(folder).contextLength()).isEqualTo(512);
    }

    @Test
    void pickledWeightsAreRefused() throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        Files.write(folder.resolve("pytorch_model.bin"), new byte[8]);
        assertRefused(folder, "pickled weights are not read");
    }

    @Test
    void folderWithoutAModelIsRefused() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertRefused(empty, "neither config.json nor exactly one .gguf file");
        assertRefused(folder.resolve("nothing"), "nothing: the file is missing");
    }

    static Stream<Arguments> refusedGguf() {
        return Stream.of(
                gguf(writer -> {}, "'general.architecture' is missing"),
                gguf(writer -> writer.text("general.architecture", "gpt2"), "'gpt2' are not served yet"),
                gguf(writer -> writer.uint32("general.architecture", 1), "is not text"),
                gguf(writer -> llama(writer).uint32("llama.expert_count", 8), "models with experts"),
                gguf(writer -> llama(writer), "'token_embd.weight' is missing"),
                gguf(writer -> llama(writer).tensor("token_embd.weight", new float[8], 8), "absurd shape"),
                gguf(
                        writer -> llama(writer).tensor("token_embd.weight", new float[16], 2, 8),
                        "'blk.0.attn_norm.weight' is missing"),
                gguf(
                        writer -> llama(writer).tensor("token_embd.weight", new float[6], 2, 3),
                        "has the shape [2, 3], the configuration says [2, 8]"),
                gguf(writer -> llama(writer).uint32("llama.attention.head_count_kv", 3), "does not divide"),
                gguf(writer -> llama(writer).uint32("llama.rope.dimension_count", 2), "differ, which is not served"),
                gguf(
                        writer -> llama(writer)
                                .text("llama.rope.scaling.type", "ntk")
                                .tensor("token_embd.weight", new float[16], 2, 8),
                        "'ntk', which is not served"),
                gguf(
                        writer -> llama(writer)
                                .tensor("rope_freqs.weight", new float[2], 2)
                                .tensor("token_embd.weight", new float[16], 2, 8),
                        "'rope_freqs.weight' holds 0.0"),
                gguf(
                        writer -> llama(writer)
                                .uint32("tokenizer.ggml.eos_token_id", 2)
                                .tensor("token_embd.weight", new float[16], 2, 8),
                        "'tokenizer.ggml.eos_token_id' is 2, not from 0 to 1"));
    }

    @ParameterizedTest
    @MethodSource("refusedGguf")
    void ggufIsRefusedWithTheReason(Consumer<GgufWriter> change, String reason) throws IOException {
        GgufWriter writer = new GgufWriter();
        change.accept(writer);
        assertRefused(Files.write(folder.resolve("x.gguf"), writer.toBytes()), reason);
    }

    @Test
    void ggufTellsItsRotaryScaling() throws IOException {
        assertThat(scaling(writer -> {})).isEqualTo(RopeScaling.NONE);
        assertThat(scaling(writer ->
                        writer.text("llama.rope.scaling.type", "linear").float32("llama.rope.scaling.factor", 4)))
                .isEqualTo(new RopeScaling.Linear(4));
        RopeScaling yarn = scaling(writer -> writer.text("llama.rope.scaling.type", "yarn")
                .float32("llama.rope.scaling.factor", 4)
                .uint32("llama.rope.scaling.original_context_length", 32));
        assertThat(yarn).isEqualTo(new RopeScaling.Yarn(4, 0.1 * Math.log(4) + 1, 32, 1, true, 32));
        assertThat(RopeScaling.contextLength(64, yarn)).isEqualTo(128);
        assertThat(scaling(writer -> writer.tensor("rope_factors_short.weight", new float[] {1, 2}, 2)
                        .tensor("rope_factors_long.weight", new float[] {3, 4}, 2)
                        .float32("llama.rope.scaling.attn_factor", 1.25f)
                        .uint32("llama.rope.scaling.original_context_length", 16)))
                .isEqualTo(new RopeScaling.LongRope(List.of(1.0, 2.0), List.of(3.0, 4.0), 1.25, 16));
    }

    private RopeScaling scaling(Consumer<GgufWriter> change) throws IOException {
        GgufWriter writer = llama(new GgufWriter()).tensor("token_embd.weight", new float[16], 2, 8);
        change.accept(writer);
        Path file = folder.resolve("scaling.gguf");
        Files.deleteIfExists(file);
        try (GgufFile gguf = GgufFile.open(Files.write(file, writer.toBytes()))) {
            return GgufConfig.read(gguf).rope();
        }
    }

    private static GgufWriter llama(GgufWriter writer) {
        return writer.text("general.architecture", "llama")
                .uint32("llama.block_count", 1)
                .uint32("llama.context_length", 64)
                .uint32("llama.embedding_length", 8)
                .uint32("llama.feed_forward_length", 8)
                .uint32("llama.attention.head_count", 2);
    }

    private void change(Consumer<ObjectNode> change) throws IOException {
        Path file = folder.resolve("config.json");
        ObjectNode root = (ObjectNode) MAPPER.readTree(file.toFile());
        change.accept(root);
        Files.write(file, MAPPER.writeValueAsBytes(root));
    }

    private static void assertRefused(Path model, String reason) {
        assertThatThrownBy(() -> PretrainedDecoder.open(model))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_FILE))
                .hasMessageContaining(reason);
    }

    private static DecoderConfig fixture(String family) {
        return HuggingFaceConfig.read(Fixtures.path(family));
    }

    private static Arguments refused(Consumer<ObjectNode> change, String reason) {
        return Arguments.of(change, reason);
    }

    private static Arguments gguf(Consumer<GgufWriter> change, String reason) {
        return Arguments.of(change, reason);
    }
}
