package org.llmfactory.models.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.internal.Digests;
import org.llmfactory.models.tensor.SafetensorsFile;
import org.llmfactory.models.tensor.SafetensorsWriter;
import org.llmfactory.models.testing.Fixtures;
import org.llmfactory.models.testing.TinyModels;

class LoraAdapterTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    Path home;

    private Path folder;
    private DecoderConfig base;

    @BeforeEach
    void writeModelAndAdapter() {
        folder = home.resolve("adapter");
        base = TinyModels.llama(home.resolve("base"), 1);
        TinyModels.adapter(folder, base, 4, 2);
    }

    static Stream<Path> families() {
        return Fixtures.families().stream();
    }

    @ParameterizedTest
    @MethodSource("families")
    void adaptersOfEveryFamilyOpen(Path family) {
        try (PretrainedDecoder decoder = PretrainedDecoder.open(family);
                LoraAdapter a = LoraAdapter.open(family.resolve("adapter-a"), decoder.config());
                LoraAdapter b = LoraAdapter.open(family.resolve("adapter-b"), decoder.config())) {
            assertThat(a.pairs()).hasSize(7 * decoder.config().layers());
            assertThat(a.targetModules())
                    .containsExactlyInAnyOrder(
                            "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");
            assertThat(a.rank()).isEqualTo(4);
            assertThat(a.pairs().values())
                    .allSatisfy(pair -> assertThat(pair.scale()).isEqualTo(2f));
            assertThat(b.rank()).isEqualTo(3);
            LoraPair down = b.pairs().get(new LoraTarget(0, Projection.DOWN));
            assertThat(down.rank()).isEqualTo(3);
            assertThat(down.scale()).isEqualTo((float) (5 / Math.sqrt(3)));
            assertThat(b.pairs().get(new LoraTarget(1, Projection.Q)).rank()).isEqualTo(1);
            assertThat(b.digest()).isNotEqualTo(a.digest());
        }
    }

    @Test
    void fusedTargetsOfPhi3ShareA() {
        try (PretrainedDecoder decoder = PretrainedDecoder.open(Fixtures.path("phi3"));
                LoraAdapter adapter = LoraAdapter.open(Fixtures.path("phi3/adapter-a"), decoder.config());
                SafetensorsFile file =
                        SafetensorsFile.open(Fixtures.path("phi3/adapter-a/adapter_model.safetensors"))) {
            LoraPair q = adapter.pairs().get(new LoraTarget(0, Projection.Q));
            LoraPair v = adapter.pairs().get(new LoraTarget(0, Projection.V));
            float[] fused = file.find("base_model.model.model.layers.0.self_attn.qkv_proj.lora_B.weight")
                    .orElseThrow()
                    .toFloats();
            int from = (decoder.config().queryWidth() + decoder.config().keyValueWidth()) * v.rank();
            assertThat(v.a()).isSameAs(q.a());
            assertThat(v.b().toFloats()).isEqualTo(Arrays.copyOfRange(fused, from, fused.length));
        }
    }

    @Test
    void keysMayCarryTheAdapterName() throws IOException {
        rewriteKeys(".weight", ".default.weight");
        try (LoraAdapter adapter = LoraAdapter.open(folder, base)) {
            assertThat(adapter.pairs()).hasSize(14);
        }
    }

    @Test
    void digestIsWhatSha256sumSays() throws IOException {
        String manifest = Digests.ofFile(folder.resolve("adapter_config.json")) + "  adapter_config.json\n"
                + Digests.ofFile(folder.resolve("adapter_model.safetensors")) + "  adapter_model.safetensors\n";
        Path file = Files.write(home.resolve("manifest"), manifest.getBytes(StandardCharsets.UTF_8));
        assertThat(LoraAdapter.digestOf(folder)).isEqualTo(Digests.ofFile(file));
    }

    static Stream<Arguments> refusedConfigurations() {
        return Stream.of(
                refused(root -> root.put("peft_type", "LOHA"), "only LORA is served"),
                refused(root -> root.remove("peft_type"), "'peft_type' is missing"),
                refused(root -> root.put("use_dora", true), "DoRA adapters are not served yet"),
                refused(root -> root.put("bias", "lora_only"), "changes the base model"),
                refused(root -> root.put("lora_bias", true), "bias of the adapter"),
                refused(root -> root.putArray("modules_to_save").add("lm_head"), "replaces whole modules"),
                refused(root -> root.putArray("trainable_token_indices").add(1), "changes the embedding"),
                refused(root -> root.put("init_lora_weights", "pissa_niter_4"), "changes the base model too"),
                refused(root -> root.put("r", 0), "'r' is '0', not a whole number"),
                refused(root -> root.put("r", 3), "has rank 4, but adapter_config.json says 3"),
                refused(root -> root.put("r", "four"), "'r' is not a number"),
                refused(root -> root.put("lora_alpha", 0), "changes nothing"),
                refused(root -> root.putArray("target_modules").add("q_proj"), "does not select"),
                refused(root -> root.putArray("target_modules"), "does not select"),
                refused(root -> root.remove("target_modules"), "'target_modules' is missing"),
                refused(root -> root.put("target_modules", "(["), "is not a regular expression"),
                refused(root -> root.put("target_modules", "(.*.*.*.*.*.*.*.*)*x"), "takes too long to match"),
                refused(root -> root.withArray("target_modules").add("lm_head"), "selects lm_head"),
                refused(root -> root.putObject("rank_pattern").put("q_proj", 2), "has rank 4"),
                refused(root -> root.putObject("rank_pattern").put("q_proj", 1e9), "not a whole number"));
    }

    @ParameterizedTest
    @MethodSource("refusedConfigurations")
    void configurationIsRefusedWithTheReason(Consumer<ObjectNode> change, String reason) throws IOException {
        Path file = folder.resolve("adapter_config.json");
        ObjectNode root = (ObjectNode) MAPPER.readTree(file.toFile());
        change.accept(root);
        Files.write(file, MAPPER.writeValueAsBytes(root));
        assertRefused(ErrorCode.INVALID_FILE, reason);
    }

    @Test
    void adapterOfAWiderBaseIsAMismatch() {
        DecoderConfig wide = wider(base);
        TinyModels.adapter(folder, wide, 4, 2);
        assertRefused(ErrorCode.ADAPTER_MISMATCH, "but the base model is 32 wide there");
    }

    @Test
    void adapterOfADeeperBaseIsAMismatch() throws IOException {
        rewriteKeys("layers.1.", "layers.7.");
        assertRefused(ErrorCode.ADAPTER_MISMATCH, "the base model has only 2 layers");
    }

    @Test
    void missingHalfIsNamed() {
        rewriteWeights(name -> !name.endsWith("layers.1.mlp.up_proj.lora_B.weight"), 1);
        assertRefused(ErrorCode.INVALID_FILE, "lora_B of model.layers.1.mlp.up_proj is missing");
    }

    @Test
    void unusedTensorIsNamed() throws IOException {
        rewriteKeys("layers.1.mlp.up_proj.lora_B", "layers.1.mlp.up_proj.lora_magnitude_vector");
        assertRefused(ErrorCode.INVALID_FILE, "lora_magnitude_vector.weight'; DoRA adapters are not served yet");
    }

    @Test
    void adapterThatChangesNothingIsRefused() {
        rewriteWeights(name -> true, 0);
        assertRefused(ErrorCode.INVALID_FILE, "the adapter changes nothing");
    }

    @Test
    void valuesThatAreNoNumbersAreRefused() {
        rewriteWeights(name -> true, Float.NaN);
        assertRefused(ErrorCode.INVALID_FILE, "holds NaN");
        rewriteWeights(name -> true, Float.POSITIVE_INFINITY);
        assertRefused(ErrorCode.INVALID_FILE, "holds Infinity");
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        Files.delete(folder.resolve("adapter_model.safetensors"));
        assertRefused(ErrorCode.INVALID_FILE, "adapter_model.safetensors: the file is missing");
        Files.write(folder.resolve("adapter_model.bin"), new byte[1]);
        assertRefused(ErrorCode.INVALID_FILE, "pickled weights are not read");
        Files.delete(folder.resolve("adapter_config.json"));
        assertRefused(ErrorCode.INVALID_FILE, "adapter_config.json: the file is missing");
    }

    @Test
    void onlyChosenProjectionsAreChanged() {
        TinyModels.adapter(folder, base, 2, 3, EnumSet.of(Projection.Q, Projection.DOWN));
        try (LoraAdapter adapter = LoraAdapter.open(folder, base)) {
            assertThat(adapter.targetModules()).isEqualTo(Set.of("q_proj", "down_proj"));
        }
    }

    private void assertRefused(ErrorCode code, String reason) {
        assertThatThrownBy(() -> LoraAdapter.open(folder, base)).isInstanceOfSatisfying(FactoryException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e).hasMessageContaining(reason).hasMessageStartingWith("adapter_");
        });
    }

    private void rewriteKeys(String part, String replacement) throws IOException {
        Path file = folder.resolve("adapter_model.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile source = SafetensorsFile.open(file)) {
            for (String name : List.copyOf(source.names())) {
                writer.add(
                        name.replace(part, replacement),
                        source.find(name).orElseThrow().toFloats(),
                        source.find(name).orElseThrow().shape());
            }
        }
        Files.delete(file);
        writer.write(file);
    }

    /** Keeps some tensors and multiplies every B. */
    private void rewriteWeights(Predicate<String> kept, float factor) {
        TinyModels.adapter(folder, base, 4, 2);
        Path file = folder.resolve("adapter_model.safetensors");
        SafetensorsWriter writer = new SafetensorsWriter();
        try (SafetensorsFile source = SafetensorsFile.open(file)) {
            source.names().stream().filter(kept).forEach(name -> {
                float[] values = source.find(name).orElseThrow().toFloats();
                if (name.contains("lora_B")) {
                    for (int i = 0; i < values.length; i++) {
                        values[i] *= factor;
                    }
                }
                writer.add(name, values, source.find(name).orElseThrow().shape());
            });
        }
        writer.write(file);
    }

    private static Arguments refused(Consumer<ObjectNode> change, String reason) {
        return Arguments.of(change, reason);
    }

    private static DecoderConfig wider(DecoderConfig base) {
        return new DecoderConfig(
                base.family(),
                base.vocabularySize(),
                2 * base.hiddenSize(),
                base.intermediateSize(),
                base.layers(),
                base.heads(),
                base.keyValueHeads(),
                base.headDim(),
                base.normEpsilon(),
                base.contextLength(),
                base.ropeTheta(),
                base.rope(),
                0,
                false,
                false,
                false,
                Set.of(),
                Set.of());
    }
}
