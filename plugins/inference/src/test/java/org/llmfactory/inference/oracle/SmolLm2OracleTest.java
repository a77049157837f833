package org.llmfactory.inference.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.StopConditions;
import org.llmfactory.api.inference.testing.RecordingTokenSink;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.TextCodec;
import org.llmfactory.inference.decoder.DecoderRunnerFactory;
import org.llmfactory.inference.engine.Engine;
import org.llmfactory.inference.engine.EngineLimits;
import org.llmfactory.inference.engine.EngineObserver;
import org.llmfactory.inference.engine.EngineThread;
import org.llmfactory.inference.oracle.Expected.Output;
import org.llmfactory.inference.runner.ModelRunner;
import org.llmfactory.inference.runner.RunnerOptions;
import org.llmfactory.models.catalog.CatalogModel;
import org.llmfactory.models.catalog.ModelCatalog;
import org.llmfactory.models.catalog.ModelPuller;
import org.llmfactory.models.catalog.PullListener;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.models.testing.TinyModels;
import org.llmfactory.models.text.TextCodecs;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;

/**
 * SmolLM2 in float32 with the sample adapters: token by token what transformers and PEFT generate, all in one batch and
 * each alone.
 */
class SmolLm2OracleTest {
    private static final Path ROOT = Path.of("../..");
    private static final Path SAMPLES = ROOT.resolve("samples");
    private static final int TOKENS = 64;
    private static final int RANDOM_ADAPTERS = 9;
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private static TorchEngine torch;
    private static EngineThread thread;
    private static InferenceEngine engine;
    private static Expected expected;

    private record Model(ModelInfo info, Path location) implements LocalModel {
        @Override
        public TextCodec text() {
            return TextCodecs.open(location);
        }
    }

    @BeforeAll
    static void open() throws IOException, InterruptedException {
        expected = Expected.read(SAMPLES.resolve("expected/smollm2-greedy.json"));
        LocalModel model = pulled();
        torch = TorchEngine.open(TorchOptions.defaults());
        ModelRunner runner = new DecoderRunnerFactory()
                .open(torch, model, new RunnerOptions(Optional.of(DType.FLOAT32), 1L << 30, 16, 512));
        Engine made = new Engine(
                model.info(),
                torch.device(),
                runner,
                new SampleFolders(adapters(runner), runner),
                new EngineLimits(64, 512, 1024, 1024, 1L << 30, 2, Duration.ofSeconds(5), 5),
                EngineObserver.NONE,
                System::nanoTime);
        thread = new EngineThread(made);
        engine = made;
    }

    @AfterAll
    static void close() {
        if (thread != null) {
            thread.close();
        }
        if (torch != null) {
            torch.close();
        }
    }

    @Test
    void allVariantsInOneBatchGiveWhatTransformersAndPeftGive() throws InterruptedException {
        Map<Output, RecordingTokenSink> running = new LinkedHashMap<>();
        for (Output output : expected.outputs()) {
            running.put(output, submit(output));
        }

        for (Map.Entry<Output, RecordingTokenSink> entry : running.entrySet()) {
            assertThat(entry.getValue().await(DEADLINE).ids())
                    .as(entry.getKey().toString())
                    .isEqualTo(entry.getKey().ids());
        }
        assertThat(engine.status().residentAdapters()).hasSizeGreaterThanOrEqualTo(4);
    }

    @Test
    void eachVariantAloneGivesTheSame() throws InterruptedException {
        String prompt = expected.prompts().get(0).text();
        for (Output output : expected.outputs()) {
            if (output.prompt().equals(prompt)) {
                assertThat(submit(output).await(DEADLINE).ids())
                        .as(output.toString())
                        .isEqualTo(output.ids());
            }
        }
    }

    @Test
    void nineAdaptersAndTheBaseMixedGiveWhatEachGivesAlone() throws InterruptedException {
        int[] prompt = expected.ids(expected.prompts().get(0).text());
        List<List<AdapterWeight>> mixes = new ArrayList<>(List.of(List.of()));
        for (int i = 0; i < RANDOM_ADAPTERS; i++) {
            mixes.add(List.of(new AdapterWeight("random-" + i, 1)));
        }
        List<List<Integer>> alone = new ArrayList<>();
        for (List<AdapterWeight> mix : mixes) {
            alone.add(submit(prompt, mix).await(DEADLINE).ids());
        }

        List<RecordingTokenSink> together =
                mixes.stream().map(mix -> submit(prompt, mix)).toList();

        for (int i = 0; i < mixes.size(); i++) {
            assertThat(together.get(i).await(DEADLINE).ids())
                    .as(mixes.get(i).toString())
                    .isEqualTo(alone.get(i));
        }
        assertThat(alone).doesNotHaveDuplicates();
    }

    /** The samples, and adapters of ranks 2 to 18 with random weights. */
    private static Map<String, Path> adapters(ModelRunner runner) {
        Map<String, Path> folders = new HashMap<>();
        for (String name : List.of("pirate", "plain-words", "json-triage", "haiku")) {
            folders.put(name, SAMPLES.resolve("adapters").resolve(name));
        }
        for (int i = 0; i < RANDOM_ADAPTERS; i++) {
            Path folder = Path.of("target/adapters/random-" + i);
            TinyModels.adapter(folder, runner.config(), 2 + 2 * i, i);
            folders.put("random-" + i, folder);
        }
        return folders;
    }

    private static RecordingTokenSink submit(Output output) {
        return submit(
                expected.ids(output.prompt()),
                output.adapters().entrySet().stream()
                        .map(SampleFolders::weighted)
                        .toList());
    }

    private static RecordingTokenSink submit(int[] prompt, List<AdapterWeight> adapters) {
        RecordingTokenSink sink = new RecordingTokenSink();
        engine.submit(
                new GenerationRequest(
                        adapters.toString(),
                        "oracle",
                        prompt,
                        adapters,
                        SamplingParameters.GREEDY,
                        new StopConditions(TOKENS, Set.of(), true),
                        DEADLINE,
                        false),
                sink);
        return sink;
    }

    private static LocalModel pulled() throws InterruptedException {
        CatalogModel entry =
                ModelCatalog.read(ROOT.resolve("runtime-config/models.json")).require("SmolLM2-135M-Instruct");
        Path folder = new ModelPuller(Path.of("target/models")).pull(entry, PullListener.NONE);
        try (PretrainedDecoder decoder = PretrainedDecoder.open(folder)) {
            return new Model(
                    new ModelInfo(
                            entry.id(),
                            decoder.digest(),
                            decoder.config().family(),
                            decoder.config().contextLength(),
                            decoder.config().vocabularySize(),
                            Instant.EPOCH),
                    folder);
        }
    }
}
