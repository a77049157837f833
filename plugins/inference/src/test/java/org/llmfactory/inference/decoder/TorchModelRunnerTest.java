package org.llmfactory.inference.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmfactory.inference.runner.Chunk;
import org.llmfactory.inference.runner.ResidentAdapter;
import org.llmfactory.inference.runner.RunnerLimits;
import org.llmfactory.inference.runner.RunnerOptions;
import org.llmfactory.inference.runner.StepOutput;
import org.llmfactory.inference.runner.WeightedAdapter;
import org.llmfactory.models.adapter.LoraAdapter;
import org.llmfactory.models.decoder.PretrainedDecoder;
import org.llmfactory.torch.DType;
import org.llmfactory.torch.TorchEngine;
import org.llmfactory.torch.TorchOptions;

final class TorchModelRunnerTest {
    private static final float SAME = 1e-5F;
    private static final int[] BLOCKS = {7, 3, 22, 9, 1, 14, 30};

    private static TorchEngine torch;

    @BeforeAll
    static void openTorch() {
        torch = TorchEngine.open(TorchOptions.defaults());
    }

    @AfterAll
    static void closeTorch() {
        torch.close();
    }

    static Stream<Boolean> forms() {
        return Fixture.forms(torch).stream();
    }

    @ParameterizedTest
    @MethodSource("forms")
    void adaptersThatComeAndGoInOneBatchAnswerAsEachDoesAlone(boolean kernel) {
        try (Fixture fixture = Fixture.open("smollm2");
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, kernel)) {
            int[] prompt = fixture.prompts().get(1);
            for (int round = 0; round < 4; round++) {
                // One, six, eleven and sixteen of them: the memory of the active ones grows and its places are reused.
                List<Chunk> together = new ArrayList<>();
                List<float[]> alone = new ArrayList<>();
                List<ResidentAdapter> adapters = new ArrayList<>();
                for (int i = 0; i <= 5 * round; i++) {
                    ResidentAdapter adapter = load(fixture, runner, (i + round) % 3 == 0 ? "adapter-b" : "adapter-a");
                    adapters.add(adapter);
                    WeightedAdapter weighted = new WeightedAdapter(adapter, 1 - 0.1F * i);
                    alone.add(Conversation.of(BLOCKS, weighted)
                            .compute(runner, prompt, 1)
                            .get(prompt.length - 1));
                    Conversation conversation = Conversation.of(new int[] {100 + i}, weighted);
                    conversation.compute(runner, Arrays.copyOf(prompt, prompt.length - 1), 64);
                    together.add(conversation.next(Chunk.Logits.LAST, prompt[prompt.length - 1]));
                }

                List<float[]> rows = Conversation.run(runner, together);

                for (int i = 0; i < rows.size(); i++) {
                    assertThat(rows.get(i))
                            .as("round " + round + ", adapter " + i)
                            .containsExactly(alone.get(i), within(SAME));
                }
                adapters.forEach(ResidentAdapter::close);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void adaptersThatWeighNothingLeaveTheBase(boolean kernel) {
        try (Fixture fixture = Fixture.open("smollm2");
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, kernel);
                ResidentAdapter adapter = load(fixture, runner, "adapter-a")) {
            int[] prompt = fixture.prompts().get(0);
            List<float[]> base = Conversation.of(BLOCKS).compute(runner, prompt, 64);

            assertThat(Conversation.of(BLOCKS, new WeightedAdapter(adapter, 0)).compute(runner, prompt, 64))
                    .usingElementComparator(Arrays::compare)
                    .isEqualTo(base);
            List<float[]> cancelled = Conversation.of(
                            BLOCKS, new WeightedAdapter(adapter, 2), new WeightedAdapter(adapter, -2))
                    .compute(runner, prompt, 64);
            assertThat(cancelled.get(5)).containsExactly(base.get(5), within(SAME));
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void adaptersLoadWhileStepsRun(boolean kernel) throws Exception {
        try (Fixture fixture = Fixture.open("smollm2");
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, kernel)) {
            int[] prompt = fixture.prompts().get(0);
            float[] expected = fixture.promptLogits("adapter-a", 0).get(prompt.length - 1);
            CompletableFuture<Void> loading = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 20; i++) {
                    load(fixture, runner, "adapter-b").close();
                }
            });
            try (ResidentAdapter adapter = load(fixture, runner, "adapter-a")) {
                do {
                    List<float[]> rows = Conversation.of(BLOCKS, new WeightedAdapter(adapter, 1))
                            .compute(runner, prompt, 64);
                    assertThat(rows.get(prompt.length - 1)).containsExactly(expected, within(1e-4F));
                } while (!loading.isDone());
            }
            loading.get(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void blocksThatLeftTheSlidingWindowMayBeGivenAway() {
        try (Fixture fixture = Fixture.open("mistral");
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, torch.hasKernels())) {
            int[] prompt = fixture.prompts().get(0);
            int split = 20;
            Conversation.of(BLOCKS).compute(runner, Arrays.copyOf(prompt, split), 64);
            // The window of 8 reaches back to position 13, in the fourth block of 4.
            int[] reused = BLOCKS.clone();
            Arrays.fill(reused, 0, 3, 50);
            Conversation.of(new int[] {50}).compute(runner, new int[] {1, 2, 3, 4}, 64);

            for (int position = split; position < prompt.length; position++) {
                Chunk next =
                        new Chunk(new int[] {prompt[position]}, position, reused, List.of(), false, Chunk.Logits.LAST);
                assertThat(Conversation.run(runner, List.of(next)).get(0))
                        .containsExactly(fixture.promptLogits("base", 0).get(position), within(1e-4F));
            }
        }
    }

    @Test
    void decodingInABatchGivesTheSameBitsAsDecodingAlone() {
        try (Fixture fixture = Fixture.open("smollm2");
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, torch.hasKernels())) {
            int[] prompt = fixture.prompts().get(1);
            List<Chunk> together = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Conversation conversation = Conversation.of(new int[] {60 + i});
                conversation.compute(runner, Arrays.copyOf(prompt, 3), 64);
                together.add(conversation.next(Chunk.Logits.LAST, prompt[3]));
            }
            Chunk alone = together.get(7);

            List<float[]> batch = Conversation.run(runner, together);
            List<float[]> single = Conversation.run(runner, List.of(alone));

            assertThat(batch.get(7)).containsExactly(single.get(0));
        }
    }

    @Test
    void halfPrecisionStaysCloseToFull() {
        try (Fixture fixture = Fixture.open("smollm2");
                TorchModelRunner runner = fixture.runner(torch, DType.BFLOAT16, torch.hasKernels());
                FixtureAdapters adapters = new FixtureAdapters(fixture, runner)) {
            assertThat(runner.weightType()).isEqualTo(DType.BFLOAT16);
            int[] prompt = fixture.prompts().get(0);
            for (String variant : Fixture.VARIANTS) {
                for (int pieceSize : new int[] {prompt.length, 1}) {
                    List<float[]> rows =
                            adapters.conversation(variant, BLOCKS, false).compute(runner, prompt, pieceSize);
                    List<float[]> expected = fixture.promptLogits(variant, 0);
                    for (int i = 0; i < rows.size(); i++) {
                        assertThat(cosine(rows.get(i), expected.get(i)))
                                .as(variant + ", row " + i)
                                .isGreaterThan(0.995);
                    }
                }
            }
        }
    }

    @Test
    void aStepWithoutWantedLogitsHasNoRows() {
        try (Fixture fixture = Fixture.open("llama2");
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, torch.hasKernels());
                StepOutput output = runner.run(List.of(Conversation.of(BLOCKS).next(Chunk.Logits.NONE, 1, 2, 3)))) {
            assertThat(output.rows()).isZero();
            assertThatThrownBy(() -> output.logits(0)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void chunksThatDoNotFitTheMemoryAreRefused() {
        try (Fixture fixture = Fixture.open("llama2");
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, torch.hasKernels())) {
            int blocks = runner.limits().blocks();

            assertRefused(runner, new int[] {blocks}, 0, 1);
            assertRefused(runner, new int[] {-1}, 0, 1);
            assertRefused(runner, new int[] {1}, Fixture.BLOCK_SIZE, 1);
            assertRefused(runner, new int[] {1}, -1, 1);
            assertRefused(runner, new int[] {1}, 0, runner.limits().vocabularySize());
            assertRefused(runner, new int[1000], runner.limits().contextLength(), 1);
        }
    }

    @Test
    void theContextIsNoLongerThanTheMemoryForIt() {
        try (Fixture fixture = Fixture.open("llama2");
                PretrainedDecoder decoder = PretrainedDecoder.open(Fixture.folder("llama2"))) {
            int blockBytes =
                    2 * fixture.config().keyValueWidth() * fixture.config().layers() * 4 * 16;
            RunnerOptions options = new RunnerOptions(Optional.of(DType.FLOAT32), 3L * blockBytes + 1, 16, 512);
            try (TorchModelRunner runner = TorchModelRunner.load(torch, decoder.config(), decoder.weights(), options)) {
                assertThat(runner.limits()).isEqualTo(new RunnerLimits(256, 48, 16, 3));
            }
        }
    }

    @Test
    void aClosedAdapterIsNotUsed() {
        try (Fixture fixture = Fixture.open("llama2");
                TorchModelRunner runner = fixture.runner(torch, DType.FLOAT32, torch.hasKernels())) {
            ResidentAdapter adapter = load(fixture, runner, "adapter-a");
            assertThat(adapter.bytes()).isPositive();
            adapter.close();
            adapter.close();

            Chunk chunk =
                    Conversation.of(BLOCKS, new WeightedAdapter(adapter, 1)).next(Chunk.Logits.LAST, 1);
            assertThatThrownBy(() -> runner.run(List.of(chunk))).isInstanceOf(IllegalStateException.class);
        }
    }

    private static void assertRefused(TorchModelRunner runner, int[] blocks, int start, int token) {
        Chunk chunk = new Chunk(new int[] {token}, start, blocks, List.of(), false, Chunk.Logits.LAST);
        assertThatThrownBy(() -> runner.run(List.of(chunk))).isInstanceOf(IllegalArgumentException.class);
    }

    private static ResidentAdapter load(Fixture fixture, TorchModelRunner runner, String name) {
        try (LoraAdapter adapter = fixture.adapter(name)) {
            return runner.load(adapter);
        }
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double squareA = 0;
        double squareB = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
            squareA += a[i] * a[i];
            squareB += b[i] * b[i];
        }
        return product / Math.sqrt(squareA * squareB);
    }
}
