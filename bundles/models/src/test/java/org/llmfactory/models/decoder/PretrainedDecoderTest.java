package org.llmfactory.models.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.models.internal.Digests;
import org.llmfactory.models.tensor.SafetensorsFile;
import org.llmfactory.models.testing.Fixtures;
import org.llmfactory.models.testing.TinyModels;

class PretrainedDecoderTest {
    @TempDir
    Path folder;

    static Stream<Path> families() {
        return Fixtures.families().stream();
    }

    @ParameterizedTest
    @MethodSource("families")
    void everyFamilyPresentsAllWeightsUnderLlamaNames(Path family) {
        try (PretrainedDecoder decoder = PretrainedDecoder.open(family)) {
            WeightShapes.of(decoder.config()).forEach((name, shape) -> {
                assertThat(decoder.weights().find(name).orElseThrow().shape())
                        .as(name)
                        .isEqualTo(shape);
                assertThat(decoder.weights().find(name).orElseThrow().name()).isEqualTo(name);
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3", "smollm2", "qwen2"})
    void ggufEqualsTheFolderItWasMadeFrom(String family) {
        try (PretrainedDecoder gguf = PretrainedDecoder.open(Fixtures.path("gguf/" + family + ".gguf"));
                PretrainedDecoder folderModel = PretrainedDecoder.open(Fixtures.path(family))) {
            for (String name : folderModel.weights().names()) {
                assertThat(gguf.weights().find(name).orElseThrow().toFloats())
                        .as(name)
                        .isEqualTo(
                                folderModel.weights().find(name).orElseThrow().toFloats());
            }
            assertThat(gguf.weights().names()).isEqualTo(folderModel.weights().names());
            assertThat(gguf.config())
                    .usingRecursiveComparison()
                    .ignoringFields("rope", "stopTokens", "beginTokens")
                    .isEqualTo(folderModel.config());
            assertThat(RotaryFactors.of(gguf.config(), false).inverseFrequencies())
                    .usingComparatorWithPrecision(1e-7f)
                    .containsExactly(
                            RotaryFactors.of(folderModel.config(), false).inverseFrequencies());
        }
    }

    @Test
    void shardsEqualTheSingleFile() {
        try (PretrainedDecoder sharded = PretrainedDecoder.open(Fixtures.path("smollm2-sharded"));
                PretrainedDecoder single = PretrainedDecoder.open(Fixtures.path("smollm2"))) {
            for (String name : single.weights().names()) {
                assertThat(sharded.weights().find(name).orElseThrow().toFloats())
                        .isEqualTo(single.weights().find(name).orElseThrow().toFloats());
            }
            assertThat(sharded.config()).isEqualTo(single.config());
        }
    }

    @Test
    void fusedWeightsOfPhi3AreSplitByRows() {
        try (PretrainedDecoder decoder = PretrainedDecoder.open(Fixtures.path("phi3"));
                SafetensorsFile file = SafetensorsFile.open(Fixtures.path("phi3/model.safetensors"))) {
            float[] fused = file.find("model.layers.1.self_attn.qkv_proj.weight")
                    .orElseThrow()
                    .toFloats();
            int queries = decoder.config().queryWidth() * decoder.config().hiddenSize();
            int keys = decoder.config().keyValueWidth() * decoder.config().hiddenSize();
            assertThat(weight(decoder, "model.layers.1.self_attn.q_proj.weight"))
                    .isEqualTo(Arrays.copyOfRange(fused, 0, queries));
            assertThat(weight(decoder, "model.layers.1.self_attn.k_proj.weight"))
                    .isEqualTo(Arrays.copyOfRange(fused, queries, queries + keys));
            assertThat(weight(decoder, "model.layers.1.self_attn.v_proj.weight"))
                    .isEqualTo(Arrays.copyOfRange(fused, queries + keys, queries + 2 * keys));
        }
    }

    @Test
    void tiedHeadIsTheEmbedding() {
        try (PretrainedDecoder decoder = PretrainedDecoder.open(Fixtures.path("smollm2"))) {
            assertThat(decoder.config().tiedEmbeddings()).isTrue();
            assertThat(weight(decoder, "lm_head.weight")).isEqualTo(weight(decoder, "model.embed_tokens.weight"));
        }
    }

    @Test
    void digestIsWhatSha256sumSays() throws IOException {
        TinyModels.llama(folder, 1);
        String manifest = Digests.ofFile(folder.resolve("config.json")) + "  config.json\n"
                + Digests.ofFile(folder.resolve("model.safetensors")) + "  model.safetensors\n";
        Path manifestFile = Files.write(folder.resolve("manifest"), manifest.getBytes(StandardCharsets.UTF_8));
        try (PretrainedDecoder decoder = PretrainedDecoder.open(folder)) {
            assertThat(decoder.digest()).isEqualTo(Digests.ofFile(manifestFile));
        }
    }

    @Test
    void digestIsRememberedUntilAFileChanges() throws IOException {
        TinyModels.llama(folder, 1);
        String first = digest();
        Path sidecar = folder.resolve(".digests.json");
        String remembered = Files.readString(sidecar);
        assertThat(digest()).isEqualTo(first);
        assertThat(remembered).contains(Digests.ofFile(folder.resolve("model.safetensors")));

        TinyModels.llama(folder, 2);
        assertThat(digest()).isNotEqualTo(first);
        TinyModels.llama(folder, 1);
        assertThat(digest()).isEqualTo(first);
    }

    @Test
    void damagedSidecarIsIgnored() throws IOException {
        TinyModels.llama(folder, 1);
        String first = digest();
        Files.writeString(folder.resolve(".digests.json"), "{\"config.json\": [");
        assertThat(digest()).isEqualTo(first);
    }

    @Test
    void folderWithOneGgufIsThatModel() throws IOException {
        Files.copy(Fixtures.path("gguf/smollm2.gguf"), folder.resolve("model.gguf"));
        try (PretrainedDecoder decoder = PretrainedDecoder.open(folder)) {
            assertThat(decoder.config().family()).isEqualTo("llama");
            assertThat(decoder.digest()).isEqualTo(Digests.ofFile(folder.resolve("model.gguf")));
        }
    }

    private String digest() {
        try (PretrainedDecoder decoder = PretrainedDecoder.open(folder)) {
            return decoder.digest();
        }
    }

    private static float[] weight(PretrainedDecoder decoder, String name) {
        return decoder.weights().find(name).orElseThrow().toFloats();
    }
}
