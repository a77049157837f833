package org.llmfactory.models.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.RopeScaling;
import org.llmfactory.models.tensor.SafetensorsWriter;
import org.llmfactory.models.testing.Fixtures;

/** Which modules, ranks and scales a configuration means, against PEFT's own answers. */
class LoraRulesTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    Path folder;

    static List<JsonNode> cases() throws IOException {
        List<JsonNode> cases = new ArrayList<>();
        MAPPER.readTree(Fixtures.path("rules/lora.json").toFile()).forEach(cases::add);
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void modulesRanksAndScalesAreThoseOfPeft(JsonNode expected) throws IOException {
        DecoderConfig base = base(expected.get("family").textValue());
        Files.write(folder.resolve("adapter_config.json"), MAPPER.writeValueAsBytes(expected.get("adapter_config")));
        writeWeights(expected.get("modules"), base);
        try (LoraAdapter adapter = LoraAdapter.open(folder, base)) {
            int targets = 0;
            for (LinearModule module : LinearModule.of(base)) {
                JsonNode wanted = expected.get("modules").path(module.name());
                for (Projection part : module.parts()) {
                    LoraPair pair = adapter.pairs().get(new LoraTarget(module.layer(), part));
                    assertThat(pair != null).as(module.name()).isEqualTo(!wanted.isMissingNode());
                    if (pair != null) {
                        targets++;
                        assertThat(pair.rank())
                                .as(module.name())
                                .isEqualTo(wanted.get(0).intValue());
                        assertThat(pair.scale()).as(module.name()).isEqualTo((float)
                                wanted.get(1).doubleValue());
                        assertThat(pair.a().shape()).containsExactly(pair.rank(), part.inputWidth(base));
                        assertThat(pair.b().shape()).containsExactly(part.outputWidth(base), pair.rank());
                    }
                }
            }
            assertThat(adapter.pairs()).hasSize(targets).isNotEmpty();
        }
    }

    private void writeWeights(JsonNode modules, DecoderConfig base) {
        SafetensorsWriter writer = new SafetensorsWriter();
        Map<String, LinearModule> byName = new HashMap<>();
        LinearModule.of(base).forEach(module -> byName.put(module.name(), module));
        modules.properties().forEach(entry -> {
            LinearModule module = byName.get(entry.getKey());
            int rank = entry.getValue().get(0).intValue();
            int in = module.inputWidth(base);
            int out = module.outputWidth(base);
            String key = "base_model.model." + module.name();
            writer.add(key + ".lora_A.weight", ones(rank * in), rank, in);
            writer.add(key + ".lora_B.weight", ones(out * rank), out, rank);
        });
        writer.write(folder.resolve("adapter_model.safetensors"));
    }

    private static float[] ones(int count) {
        float[] values = new float[count];
        Arrays.fill(values, 1);
        return values;
    }

    private static DecoderConfig base(String family) {
        return new DecoderConfig(
                family,
                64,
                32,
                48,
                3,
                4,
                2,
                8,
                1e-6,
                64,
                10_000,
                RopeScaling.NONE,
                0,
                false,
                false,
                false,
                Set.of(),
                Set.of());
    }
}
