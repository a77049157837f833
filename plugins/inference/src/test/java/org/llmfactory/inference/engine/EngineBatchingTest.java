package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.StopConditions;
import org.llmfactory.api.inference.testing.RecordingTokenSink;
import org.llmfactory.inference.runner.Chunk;
import org.llmfactory.models.decoder.RopeScaling;

final class EngineBatchingTest {
    private static final int VOCABULARY = EngineFixture.VOCABULARY;

    @Test
    void aBatchOfManyAdaptersAndTheBaseAnswersLikeEachAlone() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            List<Requests> requests = new ArrayList<>();
            requests.add(Requests.ofLength(7, 0));
            for (int i = 1; i <= 9; i++) {
                fixture.adapters().with("adapter-" + i, 10);
                fixture.answer(Requests.of(1).adapter("adapter-" + i).maxTokens(0));
                requests.add(Requests.ofLength(3 * i, i).adapter("adapter-" + i));
            }
            requests.add(Requests.ofLength(5, 10).adapter("adapter-1", 0.5f).adapter("adapter-2", -2));

            List<RecordingTokenSink> sinks =
                    requests.stream().map(fixture::submit).toList();
            fixture.finish();

            for (int i = 0; i < requests.size(); i++) {
                assertThat(sinks.get(i).ids()).isEqualTo(requests.get(i).greedyAnswer(VOCABULARY));
            }
            assertThat(mostChunks(fixture)).isEqualTo(requests.size());
        }
    }

    @Test
    void theOrderOfAMixDoesNotMatter() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            fixture.adapters().with("a", 10).with("b", 10);
            Requests prompt = Requests.ofLength(9, 1);

            List<Integer> one =
                    fixture.answer(prompt.adapter("a", 0.3f).adapter("b", 0.7f)).ids();
            List<Integer> other =
                    fixture.answer(prompt.adapter("b", 0.7f).adapter("a", 0.3f)).ids();

            assertThat(other).isEqualTo(one);
        }
    }

    @Test
    void anAdapterOfWeightZeroIsTheBaseModel() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            fixture.adapters().with("a", 10);
            Requests prompt = Requests.ofLength(9, 1);

            assertThat(fixture.answer(prompt.adapter("a", 0)).ids()).isEqualTo(prompt.greedyAnswer(VOCABULARY));
            assertThat(fixture.adapters().loads()).isEmpty();
        }
    }

    @Test
    void twoHundredRequestsAtOnceAreAllAnswered() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            List<Requests> requests = IntStream.range(0, 200)
                    .mapToObj(i -> Requests.ofLength(1 + i % 40, i))
                    .toList();

            List<RecordingTokenSink> sinks =
                    requests.stream().map(fixture::submit).toList();
            fixture.finish();

            for (int i = 0; i < requests.size(); i++) {
                assertThat(sinks.get(i).ids()).isEqualTo(requests.get(i).greedyAnswer(VOCABULARY));
            }
        }
    }

    @Test
    void aLongPromptIsComputedInPiecesWithinTheBudget() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(4, 16), 256)) {
            Requests request = Requests.ofLength(100, 1);

            assertThat(fixture.answer(request).ids()).isEqualTo(request.greedyAnswer(VOCABULARY));
            assertThat(fixture.runner().steps().subList(0, 7))
                    .allSatisfy(chunks -> assertThat(tokens(chunks)).isBetween(1, 16));
        }
    }

    @Test
    void aRunningSequenceAdvancesInEveryStepOfALongPrompt() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(4, 16), 256)) {
            RecordingTokenSink running = fixture.submit(Requests.ofLength(3, 1).maxTokens(20));
            fixture.steps(1);
            fixture.submit(Requests.ofLength(100, 2));

            fixture.steps(6);

            assertThat(running.ids()).hasSize(7);
            fixture.finish();
        }
    }

    @Test
    void onlyTheLastPieceOfAPromptGivesLogits() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(4, 16), 256)) {
            fixture.answer(Requests.ofLength(40, 1).maxTokens(1));

            assertThat(fixture.runner().steps().stream()
                            .map(chunks -> chunks.get(0).logits()))
                    .containsExactly(Chunk.Logits.NONE, Chunk.Logits.NONE, Chunk.Logits.LAST);
        }
    }

    @Test
    void noMoreSequencesRunThanTheBatchTakes() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(3, 64), 256)) {
            IntStream.range(0, 10).forEach(i -> fixture.submit(Requests.ofLength(4, i)));
            fixture.finish();

            assertThat(mostChunks(fixture)).isEqualTo(3);
        }
    }

    @Test
    void aNewRequestJoinsTheRunningBatch() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            RecordingTokenSink first = fixture.submit(Requests.ofLength(4, 1).maxTokens(10));
            fixture.steps(3);
            RecordingTokenSink second = fixture.submit(Requests.ofLength(4, 2).maxTokens(2));
            fixture.steps(2);

            assertThat(first.ids()).hasSize(5);
            assertThat(second.reason()).contains(FinishReason.LENGTH);
            fixture.finish();
        }
    }

    @Test
    void aStopTokenEndsTheSequenceUnlessIgnored() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            Requests request = Requests.ofLength(6, 1);
            List<Integer> whole = request.greedyAnswer(VOCABULARY);
            int stop = whole.get(2);

            RecordingTokenSink stopped = fixture.answer(request.stop(new StopConditions(8, Set.of(stop), false)));
            RecordingTokenSink ignoring = fixture.answer(request.stop(new StopConditions(8, Set.of(stop), true)));

            assertThat(stopped.ids()).isEqualTo(whole.subList(0, whole.indexOf(stop) + 1));
            assertThat(stopped.reason()).contains(FinishReason.STOP);
            assertThat(ignoring.ids()).isEqualTo(whole);
        }
    }

    @Test
    void noTokensAreGeneratedWhenNoneAreWanted() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            RecordingTokenSink sink = fixture.answer(Requests.ofLength(6, 1).maxTokens(0));

            assertThat(sink.ids()).isEmpty();
            assertThat(sink.reason()).contains(FinishReason.LENGTH);
            assertThat(sink.usage().orElseThrow().promptTokens()).isEqualTo(6);
        }
    }

    @Test
    void theContextEndsAGeneration() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            RecordingTokenSink sink = fixture.answer(Requests.ofLength(250, 1).maxTokens(100));

            assertThat(sink.ids()).hasSize(6);
            assertThat(sink.reason()).contains(FinishReason.LENGTH);
        }
    }

    @Test
    void aPromptOfTheWholeContextIsComputed() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            Requests longest = Requests.ofLength(255, 1).maxTokens(1);

            assertThat(fixture.answer(longest).ids()).isEqualTo(longest.greedyAnswer(VOCABULARY));
            assertThat(fixture.answer(Requests.ofLength(256, 2).maxTokens(0)).reason())
                    .contains(FinishReason.LENGTH);
        }
    }

    @Test
    void aSequenceThatMayOutgrowTheOriginalContextIsComputedAsLongFromTheStart() {
        RopeScaling rope = new RopeScaling.LongRope(List.of(1.0), List.of(2.0), 1, 64);
        try (EngineFixture fixture = EngineFixture.withRope(rope)) {
            Requests fits = Requests.ofLength(56, 1).maxTokens(8);
            Requests outgrows = Requests.ofLength(56, 1).maxTokens(9);

            assertThat(fixture.answer(fits).ids()).isEqualTo(fits.greedyAnswer(VOCABULARY, false));
            RecordingTokenSink sink = fixture.answer(outgrows);
            assertThat(sink.ids()).isEqualTo(outgrows.greedyAnswer(VOCABULARY, true));
            assertThat(sink.usage().orElseThrow().cachedTokens()).isZero();
        }
    }

    private static int mostChunks(EngineFixture fixture) {
        return fixture.runner().steps().stream().mapToInt(List::size).max().orElse(0);
    }

    private static int tokens(List<Chunk> chunks) {
        return chunks.stream().mapToInt(chunk -> chunk.tokens().length).sum();
    }
}
