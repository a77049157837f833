package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.inference.testing.RecordingTokenSink;

final class EnginePrefixCacheTest {
    private static final int VOCABULARY = EngineFixture.VOCABULARY;

    @Test
    void aRepeatedPromptIsReadFromTheCacheAndAnsweredTheSame() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            Requests request = Requests.ofLength(18, 1);

            RecordingTokenSink first = fixture.answer(request);
            RecordingTokenSink second = fixture.answer(request);

            assertThat(cached(first)).isZero();
            assertThat(cached(second)).isEqualTo(16);
            assertThat(second.ids()).isEqualTo(first.ids()).isEqualTo(request.greedyAnswer(VOCABULARY));
        }
    }

    @Test
    void theLastTokenOfAPromptIsAlwaysComputed() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            Requests request = Requests.ofLength(16, 1);
            fixture.answer(request);

            RecordingTokenSink second = fixture.answer(request);

            assertThat(cached(second)).isEqualTo(12);
            assertThat(second.ids()).isEqualTo(request.greedyAnswer(VOCABULARY));
        }
    }

    @Test
    void theNextTurnOfAConversationReadsTheLastOneFromTheCache() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            Requests turn = Requests.ofLength(10, 1).maxTokens(10);
            List<Integer> answer = fixture.answer(turn).ids();
            int[] conversation = Arrays.copyOf(turn.prompt(), 24);
            for (int i = 0; i < answer.size(); i++) {
                conversation[10 + i] = answer.get(i);
            }
            Requests next = Requests.of(conversation);

            RecordingTokenSink sink = fixture.answer(next);

            assertThat(cached(sink)).isEqualTo(16);
            assertThat(sink.ids()).isEqualTo(next.greedyAnswer(VOCABULARY));
        }
    }

    @Test
    void aDifferentTokenEndsTheSharedPrefix() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            Requests request = Requests.ofLength(20, 1);
            fixture.answer(request);
            int[] other = request.prompt().clone();
            other[9] = (other[9] + 1) % VOCABULARY;

            RecordingTokenSink sink = fixture.answer(Requests.of(other));

            assertThat(cached(sink)).isEqualTo(8);
            assertThat(sink.ids()).isEqualTo(Requests.of(other).greedyAnswer(VOCABULARY));
        }
    }

    @Test
    void tenantsNeverShareAPrefix() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            Requests request = Requests.ofLength(20, 1);
            fixture.answer(request.tenant("one"));

            assertThat(cached(fixture.answer(request.tenant("two")))).isZero();
            assertThat(cached(fixture.answer(request.tenant("one")))).isEqualTo(16);
        }
    }

    @Test
    void adaptersAndWeightsNeverShareAPrefix() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            fixture.adapters().with("a", 10).with("b", 10);
            Requests base = Requests.ofLength(20, 1);
            List<Requests> mixes = List.of(
                    base,
                    base.adapter("a"),
                    base.adapter("b"),
                    base.adapter("a", 0.5f),
                    base.adapter("a", -1),
                    base.adapter("a").adapter("b"));

            for (Requests mix : mixes) {
                RecordingTokenSink sink = fixture.answer(mix);
                assertThat(cached(sink)).isZero();
                assertThat(sink.ids()).isEqualTo(mix.greedyAnswer(VOCABULARY));
            }
            assertThat(cached(fixture.answer(base.adapter("b").adapter("a")))).isEqualTo(16);
        }
    }

    @Test
    void promptLogProbabilitiesReadNothingFromTheCacheButFillIt() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            Requests request = Requests.ofLength(20, 1);
            fixture.answer(request);

            RecordingTokenSink sink = fixture.answer(request.withPromptLogprobs());

            assertThat(cached(sink)).isZero();
            assertThat(sink.prompt()).hasSize(20);
            assertThat(cached(fixture.answer(request))).isEqualTo(16);
        }
    }

    @Test
    void aPrefixThatRunsIsSharedWhileItRuns() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            Requests request = Requests.ofLength(40, 1).maxTokens(20);
            fixture.submit(request);
            fixture.steps(2);
            int before = fixture.engine().status().kvBlocksFree();

            RecordingTokenSink second = fixture.submit(request);
            fixture.steps(1);

            assertThat(before - fixture.engine().status().kvBlocksFree()).isEqualTo(1);
            fixture.finish();
            assertThat(second.ids()).isEqualTo(request.greedyAnswer(VOCABULARY));
            assertThat(cached(second)).isEqualTo(36);
        }
    }

    @Test
    void evictedPrefixesAreComputedAgain() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(4, 64), 64)) {
            Requests request = Requests.ofLength(40, 1);
            fixture.answer(request);
            for (int i = 0; i < 10; i++) {
                fixture.answer(Requests.ofLength(60, 100 + i));
            }

            RecordingTokenSink again = fixture.answer(request);

            assertThat(cached(again)).isZero();
            assertThat(again.ids()).isEqualTo(request.greedyAnswer(VOCABULARY));
        }
    }

    private static int cached(RecordingTokenSink sink) {
        return sink.usage().orElseThrow().cachedTokens();
    }
}
