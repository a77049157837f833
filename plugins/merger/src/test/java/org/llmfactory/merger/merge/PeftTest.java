package org.llmfactory.merger.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmfactory.merger.Changes;
import org.llmfactory.merger.compute.MergerProgram;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.tensor.SafetensorsFile;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;

/** Merges are those of PEFT's {@code add_weighted_adapter}. */
class PeftTest {
    private static final Path MODEL = Path.of("../../bundles/models/src/test/fixtures/smollm2");
    private static final Path FIXTURES = Path.of("src/test/fixtures");
    private static final long STEP = 2_654_435_761L;
    private static final int LAYER = 1;
    private static final float CLOSE = 1e-5F;

    private static TorchEngine torch;
    private static MergerProgram program;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        torch = TorchEngine.open(TorchOptions.defaults());
        program = new MergerProgram(torch);
    }

    @AfterAll
    static void close() {
        program.close();
        torch.close();
    }

    static Stream<Arguments> cases() throws IOException {
        JsonNode cases =
                new ObjectMapper().readTree(FIXTURES.resolve("cases.json").toFile());
        return IntStream.range(0, cases.size()).mapToObj(i -> Arguments.of(i, cases.get(i)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void mergesAsPeft(int number, JsonNode order) {
        DecoderConfig base = PretrainedDecoder.dimensions(MODEL);
        List<Ingredient> ingredients = ingredients(base, order);
        Recipe recipe = recipe(order);
        Changes.write(
                folder, new AdapterMerger(program).merge(base, "smollm2", ingredients, recipe, PeftTest::fixtureMask));
        ingredients.forEach(each -> each.adapter().close());

        try (LoraAdapter merged = LoraAdapter.open(folder, base);
                SafetensorsFile expected = SafetensorsFile.open(FIXTURES.resolve("expected.safetensors"))) {
            assertThat(merged.rank()).isEqualTo(rank(expected, number));
            int compared = 0;
            for (Map.Entry<LoraTarget, LoraPair> entry : merged.pairs().entrySet()) {
                if (entry.getKey().layer() == LAYER) {
                    compare(expected, number + "/" + entry.getKey().projection().path(), recipe, entry.getValue());
                    compared++;
                }
            }
            assertThat(2 * compared).isEqualTo((int) expected.names().stream()
                    .filter(name -> name.startsWith(number + "/"))
                    .count());
        }
    }

    private static void compare(SafetensorsFile expected, String name, Recipe recipe, LoraPair pair) {
        float[] a = expected.find(name + ".A").orElseThrow().toFloats();
        float[] b = expected.find(name + ".B").orElseThrow().toFloats();
        assertThat(pair.scale()).isEqualTo(1);
        if (recipe.strategy().space() == Strategy.Space.CHANGES) {
            // Singular vectors have free signs.
            assertThat(Changes.of(pair)).as(name).containsExactly(Changes.product(a, b, pair.rank()), within(CLOSE));
        } else {
            assertThat(pair.a().toFloats()).as(name).containsExactly(a, within(CLOSE));
            assertThat(pair.b().toFloats()).as(name).containsExactly(b, within(CLOSE));
        }
    }

    private static int rank(SafetensorsFile expected, int number) {
        return (int) expected.find(number + "/self_attn.q_proj.A").orElseThrow().shape()[0];
    }

    private static List<Ingredient> ingredients(DecoderConfig base, JsonNode order) {
        List<Ingredient> ingredients = new ArrayList<>();
        for (int i = 0; i < order.get("adapters").size(); i++) {
            String name = order.get("adapters").get(i).textValue();
            Path files = (name.equals("adapter-c") ? FIXTURES : MODEL).resolve(name);
            ingredients.add(new Ingredient(
                    LoraAdapter.open(files, base), order.get("weights").get(i).doubleValue()));
        }
        return ingredients;
    }

    private static Recipe recipe(JsonNode order) {
        String majority = order.path("majority_sign_method").asText("total").toUpperCase(Locale.ROOT);
        return new Recipe(
                Strategy.of(order.get("strategy").textValue()).orElseThrow(),
                order.path("density").asDouble(1),
                Recipe.Majority.valueOf(majority),
                order.has("svd_rank") ? OptionalInt.of(order.get("svd_rank").intValue()) : OptionalInt.empty());
    }

    /** What {@code bernoulli} in make_fixtures.py keeps. */
    private static float[] fixtureMask(DropMasks.Place place, int size, double density) {
        float[] mask = new float[size];
        for (int i = 0; i < size; i++) {
            long mixed = (i + 17L * place.ingredient()) * STEP % (1L << 32);
            mask[i] = mixed / (double) (1L << 32) < (float) density ? 1 : 0;
        }
        return mask;
    }
}
