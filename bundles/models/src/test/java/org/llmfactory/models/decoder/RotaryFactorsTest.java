package org.llmfactory.models.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmfactory.models.testing.Fixtures;

/** Rotary factors against those of the transformers library. */
class RotaryFactorsTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    Path folder;

    static List<JsonNode> cases() throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        MAPPER.readTree(Fixtures.path("rules/rotary.json").toFile()).forEach(cases::add);
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void factorsAreThoseOfTransformers(JsonNode expected) throws IOException {
        DecoderConfig config = read(expected, "rope_scaling");
        check(RotaryFactors.of(config, false), expected.get("short"));
        check(RotaryFactors.of(config, true), expected.get("long"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void newSpellingMeansTheSame(JsonNode expected) throws IOException {
        ObjectNode rewritten = expected.deepCopy();
        JsonNode theta = rewritten.withObject("/fields").remove("rope_theta");
        rewritten.withObject("/rope_scaling").set("rope_theta", theta);
        assertThat(read(rewritten, "rope_parameters")).isEqualTo(read(expected, "rope_scaling"));
    }

    @Test
    void longRopeChangesBeyondTheOriginalContextOnly() throws IOException {
        assertThat(RotaryFactors.longContextThreshold(HuggingFaceConfig.read(Fixtures.path("phi3-longrope"))))
                .isEqualTo(16);
        assertThat(RotaryFactors.longContextThreshold(HuggingFaceConfig.read(Fixtures.path("llama-yarn"))))
                .isEqualTo(Integer.MAX_VALUE);
    }

    private DecoderConfig read(JsonNode expected, String field) throws IOException {
        ObjectNode config = expected.get("fields").deepCopy();
        config.put("model_type", "llama")
                .put("vocab_size", 64)
                .put("intermediate_size", 48)
                .put("num_hidden_layers", 1)
                .set(field, expected.get("rope_scaling"));
        Files.write(folder.resolve("config.json"), MAPPER.writeValueAsBytes(config));
        return HuggingFaceConfig.read(folder);
    }

    private static void check(RotaryFactors factors, JsonNode expected) {
        float[] frequencies = factors.inverseFrequencies();
        JsonNode wanted = expected.get("inverse_frequencies");
        assertThat(frequencies).hasSize(wanted.size());
        for (int i = 0; i < frequencies.length; i++) {
            float value = wanted.get(i).floatValue();
            assertThat(frequencies[i]).isCloseTo(value, Offset.offset(value * 4e-7f));
        }
        assertThat(factors.attentionScale())
                .isEqualTo((float) expected.get("attention_scale").doubleValue());
    }
}
