package org.llmfactory.merger.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmfactory.merger.Changes;
import org.llmfactory.merger.compute.MergerProgram;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.adapter.LoraPair;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;

/** Strategies that lose nothing give in every layer the weighted sum of the changes, which is what a mix computes. */
class ExactMergeTest {
    private static final Path MODEL = Path.of("../../bundles/models/src/test/fixtures/smollm2");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"CAT", "SVD"})
    void isTheWeightedSum(Strategy strategy) {
        DecoderConfig base = PretrainedDecoder.dimensions(MODEL);
        Recipe recipe = new Recipe(strategy, 1, Recipe.Majority.TOTAL, OptionalInt.of(7));
        try (TorchEngine torch = TorchEngine.open(TorchOptions.defaults());
                MergerProgram program = new MergerProgram(torch);
                LoraAdapter a = LoraAdapter.open(MODEL.resolve("adapter-a"), base);
                LoraAdapter b = LoraAdapter.open(MODEL.resolve("adapter-b"), base)) {
            List<Ingredient> ingredients = List.of(new Ingredient(a, 0.5), new Ingredient(b, -0.25));
            Changes.write(
                    folder, new AdapterMerger(program).merge(base, "smollm2", ingredients, recipe, DropMasks.of(0)));
            try (LoraAdapter merged = LoraAdapter.open(folder, base)) {
                assertThat(merged.pairs().keySet()).isEqualTo(a.pairs().keySet());
                merged.pairs()
                        .forEach((target, pair) -> assertThat(Changes.of(pair))
                                .as(target.toString())
                                .containsExactly(sum(target, ingredients), within(1e-5F)));
            }
        }
    }

    private static float[] sum(LoraTarget target, List<Ingredient> ingredients) {
        float[] sum = new float[0];
        for (Ingredient ingredient : ingredients) {
            LoraPair pair = ingredient.adapter().pairs().get(target);
            float[] change = pair == null ? new float[sum.length] : Changes.of(pair);
            sum = sum.length == 0 ? new float[change.length] : sum;
            for (int i = 0; i < change.length; i++) {
                sum[i] += (float) (ingredient.weight() * change[i]);
            }
        }
        return sum;
    }
}
