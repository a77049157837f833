package org.llmfactory.merger.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.merger.Changes;
import org.llmfactory.merger.TunedModels;
import org.llmfactory.merger.compute.MergerProgram;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.adapter.LoraTarget;
import org.llmfactory.models.decoder.DecoderConfig;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.testing.TinyModels;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;

class AdapterExtractorTest {
    private static final int RANK = 3;

    private static TorchEngine torch;
    private static MergerProgram program;

    @TempDir
    Path home;

    private Path base;
    private Path tuned;
    private Path adapter;
    private DecoderConfig config;

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

    @BeforeEach
    void write() {
        base = home.resolve("base");
        tuned = home.resolve("tuned");
        adapter = home.resolve("adapter");
        config = TinyModels.llama(base, 1);
        TinyModels.adapter(adapter, config, RANK, 2);
        TunedModels.write(tuned, base, adapter, 0);
    }

    @Test
    void givesBackWhatWasMerged() throws IOException {
        Extraction extraction = extract(tuned, RankRule.fixed(RANK));

        Path found = Files.createDirectory(home.resolve("found"));
        Changes.write(found, extraction.adapter());
        try (LoraAdapter expected = LoraAdapter.open(adapter, config);
                LoraAdapter actual = LoraAdapter.open(found, config)) {
            assertThat(actual.rank()).isEqualTo(RANK);
            assertThat(actual.pairs().keySet()).isEqualTo(expected.pairs().keySet());
            for (LoraTarget target : expected.pairs().keySet()) {
                assertThat(Changes.cosine(
                                Changes.of(actual.pairs().get(target)),
                                Changes.of(expected.pairs().get(target))))
                        .as(target.toString())
                        .isGreaterThan(0.999);
            }
        }
        assertThat(extraction.layers())
                .hasSize(14)
                .allSatisfy(layer -> assertThat(layer.residual()).isLessThan(1e-5));
        assertThat(extraction.lost()).isEmpty();
    }

    @Test
    void aLowerRankSaysWhatItLeavesOut() {
        Extraction extraction = extract(tuned, RankRule.fixed(RANK - 1));

        assertThat(extraction.layers()).allSatisfy(layer -> {
            assertThat(layer.rank()).isEqualTo(RANK - 1);
            assertThat(layer.residual()).isBetween(0.05, 0.9);
        });
    }

    @Test
    void energyFindsTheRank() {
        assertThat(extract(tuned, new RankRule(0.9999, 16)).layers())
                .allSatisfy(layer -> assertThat(layer.rank()).isEqualTo(RANK));
        assertThat(extract(tuned, new RankRule(0.01, 16)).layers())
                .allSatisfy(layer -> assertThat(layer.rank()).isEqualTo(1));
        assertThat(extract(tuned, new RankRule(0.9999, 2)).layers())
                .allSatisfy(layer -> assertThat(layer.rank()).isEqualTo(2));
    }

    @Test
    void namesWhatNoAdapterHolds() {
        TunedModels.write(tuned, base, adapter, 0.5F);

        List<Extraction.Lost> lost = extract(tuned, RankRule.fixed(RANK)).lost();

        Map<String, Double> changes = Map.of("lm_head.weight", 0.5, "model.norm.weight", 0.5);
        assertThat(lost)
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.change()).isCloseTo(changes.get(each.weight()), within(1e-6)));
    }

    @Test
    void refusesWhatHasNotChangedOrIsOfAnotherShape() {
        assertRefused(ErrorCode.INVALID_FILE, base);
        assertRefused(ErrorCode.ADAPTER_MISMATCH, Path.of("../../bundles/models/src/test/fixtures/smollm2"));
    }

    private void assertRefused(ErrorCode code, Path model) {
        assertThatThrownBy(() -> extract(model, RankRule.fixed(1)))
                .asInstanceOf(InstanceOfAssertFactories.type(FactoryException.class))
                .extracting(FactoryException::code)
                .isEqualTo(code);
    }

    private Extraction extract(Path model, RankRule rule) {
        try (PretrainedDecoder known = PretrainedDecoder.open(base);
                PretrainedDecoder other = PretrainedDecoder.open(model)) {
            return new AdapterExtractor(program).extract(known, "base", other, rule);
        }
    }
}
