package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.testing.RecordingTokenSink;
import org.llmfactory.inference.runner.Chunk;

final class EnginePreemptionTest {
    private static final int VOCABULARY = EngineFixture.VOCABULARY;

    @Test
    void sequencesThatLoseTheirMemoryAnswerAsIfNothingHadHappened() {
        // 64 blocks of 4: one whole context. Eight sequences of 60 tokens need twice that.
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(8, 64), 64)) {
            List<Requests> requests = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                requests.add(Requests.ofLength(10, i).maxTokens(50));
            }
            List<RecordingTokenSink> sinks =
                    requests.stream().map(fixture::submit).toList();

            fixture.finish();

            assertThat(recomputations(fixture)).isPositive();
            for (int i = 0; i < requests.size(); i++) {
                assertThat(sinks.get(i).ids()).isEqualTo(requests.get(i).greedyAnswer(VOCABULARY));
            }
        }
    }

    @Test
    void theOldestSequenceAdvancesInEveryStep() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(8, 64), 64)) {
            RecordingTokenSink oldest = fixture.submit(Requests.ofLength(10, 0).maxTokens(100));
            for (int i = 1; i < 8; i++) {
                fixture.submit(Requests.ofLength(10, i).maxTokens(100));
            }
            fixture.steps(2);
            int before = oldest.ids().size();

            fixture.steps(80);

            assertThat(oldest.ids()).hasSize(before + 80);
            fixture.finish();
        }
    }

    @Test
    void aSequenceThatComesBackKeepsItsPlaceBeforeThoseWhoCameLater() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(8, 64), 64)) {
            RecordingTokenSink first = fixture.submit(Requests.ofLength(10, 0).maxTokens(150));
            RecordingTokenSink second = fixture.submit(Requests.ofLength(10, 1).maxTokens(240));
            while (fixture.engine().status().waiting() == 0 && waitingOf(fixture) == 0) {
                fixture.step();
            }
            // The second has lost its memory; another tenant's request begins while it waits.
            RecordingTokenSink third =
                    fixture.submit(Requests.ofLength(4, 2).tenant("other").maxTokens(200));
            while (third.endings() == 0) {
                fixture.step();
            }

            assertThat(first.endings()).isEqualTo(1);
            assertThat(second.endings()).isEqualTo(1);
        }
    }

    @Test
    void randomChoicesSurviveAPreemption() {
        Requests request = Requests.ofLength(10, 7).maxTokens(50).sampling(Requests.random(1, 42));
        List<Integer> alone;
        try (EngineFixture fixture = EngineFixture.roomy()) {
            alone = fixture.answer(request).ids();
        }
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(8, 64), 64)) {
            for (int i = 0; i < 7; i++) {
                fixture.submit(Requests.ofLength(10, i).maxTokens(50));
            }
            RecordingTokenSink last = fixture.submit(request);
            fixture.finish();

            assertThat(recomputations(fixture)).isPositive();
            assertThat(last.ids()).isEqualTo(alone);
        }
    }

    @Test
    void aPromptLargerThanTheFreeMemoryWaitsForIt() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(8, 64), 64)) {
            fixture.submit(Requests.ofLength(100, 0).maxTokens(20));
            fixture.steps(3);
            Requests large = Requests.ofLength(240, 1);
            RecordingTokenSink waiting = fixture.submit(large);
            fixture.steps(5);
            assertThat(fixture.engine().status().waiting()).isEqualTo(1);

            fixture.finish();

            assertThat(waiting.ids()).isEqualTo(large.greedyAnswer(VOCABULARY));
        }
    }

    @Test
    void aPromptThatLosesItsMemoryHalfwayTellsItsLogProbabilitiesOnce() {
        Requests request = Requests.ofLength(110, 1).withPromptLogprobs();
        List<GeneratedToken> alone;
        try (EngineFixture fixture = EngineFixture.roomy()) {
            alone = fixture.answer(request).prompt();
        }
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(2, 8), 64)) {
            fixture.submit(Requests.ofLength(10, 0).maxTokens(200));
            while (fixture.engine().status().kvBlocksFree() > 29) {
                fixture.step();
            }
            RecordingTokenSink sink = fixture.submit(request);
            fixture.finish();

            assertThat(beginnings(fixture)).isEqualTo(3);
            assertThat(sink.prompt()).isEqualTo(alone);
        }
    }

    @Test
    void aNewcomerLeavesABlockForEveryoneWhoRuns() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(2, 64), 64)) {
            fixture.submit(Requests.ofLength(10, 0).maxTokens(200));
            while (fixture.engine().status().kvBlocksFree() > 29) {
                fixture.step();
            }
            fixture.submit(Requests.ofLength(116, 1));
            fixture.step();

            assertThat(fixture.engine().status().waiting()).isEqualTo(1);
            fixture.finish();
        }
    }

    private static long beginnings(EngineFixture fixture) {
        return fixture.runner().steps().stream()
                .flatMap(List::stream)
                .filter(chunk -> chunk.start() == 0)
                .count();
    }

    private static int waitingOf(EngineFixture fixture) {
        return 2 - fixture.engine().status().running();
    }

    /** Pieces longer than a token that begin behind the start of their sequence's completion. */
    private static long recomputations(EngineFixture fixture) {
        return fixture.runner().steps().stream()
                .flatMap(List::stream)
                .filter(chunk -> end(chunk) > 10 && chunk.tokens().length > 1)
                .count();
    }

    private static int end(Chunk chunk) {
        return chunk.start() + chunk.tokens().length;
    }
}
