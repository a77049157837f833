package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.TokenSink;
import org.llmfactory.api.inference.testing.RecordingTokenSink;

/** The ways a request can end that are not its own. */
final class EngineEndingsTest {
    private static final int VOCABULARY = EngineFixture.VOCABULARY;

    @Test
    void aCancelledSequenceEndsBeforeTheNextStepAndFreesItsMemory() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            RecordingTokenSink sink = fixture.submit(Requests.ofLength(30, 1).maxTokens(50));
            fixture.steps(4);
            assertThat(fixture.engine().status().kvBlocksFree()).isLessThan(1024);

            sink.cancel();
            fixture.step();

            assertThat(sink.reason()).contains(FinishReason.CANCELLED);
            assertThat(sink.ids()).hasSize(4);
            assertThat(fixture.engine().status().kvBlocksFree()).isEqualTo(1024);
        }
    }

    @Test
    void aRequestCancelledWhileItWaitsIsNeverComputed() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            RecordingTokenSink sink = new RecordingTokenSink();
            sink.cancel();

            fixture.submit(Requests.ofLength(30, 1), sink);
            fixture.finish();

            assertThat(sink.reason()).contains(FinishReason.CANCELLED);
            assertThat(fixture.runner().steps()).isEmpty();
        }
    }

    @Test
    void aRequestCancelledWhileItsAdapterLoadsEndsAtOnce() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            fixture.adapters().with("slow", 10).hold("slow");
            RecordingTokenSink sink = fixture.submit(Requests.of(1).adapter("slow"));
            fixture.step();

            sink.cancel();
            fixture.step();

            assertThat(sink.reason()).contains(FinishReason.CANCELLED);
            fixture.adapters().letGo("slow");
        }
    }

    @Test
    void theDeadlineEndsARunningSequenceWithAnError() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            Requests request = Requests.ofLength(5, 1).maxTokens(50).deadline(Duration.ofSeconds(10));
            RecordingTokenSink sink = fixture.submit(request);
            fixture.steps(3);

            fixture.pass(Duration.ofSeconds(10));
            fixture.step();

            assertThat(sink.failure().orElseThrow().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            assertThat(sink.ids()).isEqualTo(request.greedyAnswer(VOCABULARY).subList(0, 3));
        }
    }

    @Test
    void theDeadlineEndsAWaitingSequence() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(1, 64), 64)) {
            fixture.submit(Requests.ofLength(5, 1).maxTokens(50));
            fixture.steps(2);
            RecordingTokenSink waiting = fixture.submit(Requests.ofLength(5, 2).deadline(Duration.ofSeconds(1)));
            fixture.step();

            fixture.pass(Duration.ofSeconds(1));
            fixture.step();

            assertThat(waiting.failure().orElseThrow().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
            fixture.finish();
        }
    }

    @Test
    void aFullQueueRefusesAndSaysWhenToComeBack() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.queueLimits(3, 3), 64)) {
            IntStream.range(0, 3).forEach(i -> fixture.submit(Requests.ofLength(5, i)));

            assertThatThrownBy(() ->
                            fixture.engine().submit(Requests.ofLength(5, 4).build(), new RecordingTokenSink()))
                    .isInstanceOfSatisfying(FactoryException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED);
                        assertThat(failure.retryAfter().orElseThrow())
                                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60));
                    });

            fixture.finish();
            assertThat(fixture.answer(Requests.ofLength(5, 5)).reason()).contains(FinishReason.LENGTH);
        }
    }

    @Test
    void oneTenantCannotFillTheQueueForOthers() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.queueLimits(3, 2), 64)) {
            Requests greedy = Requests.ofLength(5, 1).tenant("greedy");
            fixture.submit(greedy);
            fixture.submit(greedy);

            assertThatThrownBy(() -> fixture.engine().submit(greedy.build(), new RecordingTokenSink()))
                    .isInstanceOfSatisfying(
                            FactoryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.RATE_LIMITED));
            fixture.submit(Requests.ofLength(5, 2).tenant("modest"));

            fixture.finish();
        }
    }

    @Test
    void aSequenceThatRunsNoLongerCountsAsQueued() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.queueLimits(1, 1), 64)) {
            fixture.submit(Requests.ofLength(5, 1).maxTokens(20));
            fixture.step();
            assertThat(fixture.engine().status().waiting()).isZero();

            fixture.submit(Requests.ofLength(5, 2));

            assertThat(fixture.engine().status().waiting()).isEqualTo(1);
            fixture.finish();
        }
    }

    @Test
    void aSinkThatThrowsHurtsNobodyElse() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            Requests request = Requests.ofLength(5, 1);
            fixture.engine().submit(request.build(), new ThrowingSink());
            RecordingTokenSink other = fixture.answer(request);

            assertThat(other.ids()).isEqualTo(request.greedyAnswer(VOCABULARY));
            assertThat(fixture.engine().status().running()).isZero();
        }
    }

    @Test
    void aStepThatFailsFailsItsSequencesOnly() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(2, 64), 64)) {
            List<RecordingTokenSink> inTheStep =
                    List.of(fixture.submit(Requests.ofLength(5, 1)), fixture.submit(Requests.ofLength(5, 2)));
            Requests later = Requests.ofLength(5, 3);
            RecordingTokenSink waiting = fixture.submit(later);
            fixture.runner().onRun(chunks -> {
                throw new IllegalStateException("out of memory on the device");
            });
            fixture.step();
            fixture.runner().onRun(chunks -> {});

            fixture.finish();

            assertThat(inTheStep)
                    .allSatisfy(sink ->
                            assertThat(sink.failure().orElseThrow().code()).isEqualTo(ErrorCode.INTERNAL));
            assertThat(waiting.ids()).isEqualTo(later.greedyAnswer(VOCABULARY));
            assertThat(fixture.engine().isBroken()).isFalse();
        }
    }

    @Test
    void keysAndValuesOfAFailedStepAreNotCached() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            Requests request = Requests.ofLength(30, 1);
            fixture.runner().onRun(chunks -> {
                throw new IllegalStateException("broken");
            });
            fixture.answer(request);
            fixture.runner().onRun(chunks -> {});

            RecordingTokenSink again = fixture.answer(request);

            assertThat(again.usage().orElseThrow().cachedTokens()).isZero();
            assertThat(again.ids()).isEqualTo(request.greedyAnswer(VOCABULARY));
        }
    }

    @Test
    void threeFailedStepsInARowMakeTheEngineBrokenUntilOneWorks() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            fixture.runner().onRun(chunks -> {
                throw new IllegalStateException("broken");
            });
            for (int i = 0; i < 3; i++) {
                assertThat(fixture.engine().isBroken()).isFalse();
                fixture.answer(Requests.of(1));
            }
            assertThat(fixture.engine().isBroken()).isTrue();

            fixture.runner().onRun(chunks -> {});
            fixture.answer(Requests.of(1));

            assertThat(fixture.engine().isBroken()).isFalse();
        }
    }

    @Test
    void usageTellsWhereTheTimeWent() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(1, 64), 64)) {
            fixture.submit(Requests.ofLength(5, 1).maxTokens(5));
            RecordingTokenSink second = fixture.submit(Requests.ofLength(6, 2).maxTokens(3));

            fixture.finish();

            // A millisecond passes between two steps: five steps of the first request, then three of this one.
            GenerationUsage usage = second.usage().orElseThrow();
            assertThat(usage.queueTime()).isEqualTo(Duration.ofMillis(5));
            assertThat(usage.timeToFirstToken()).isEqualTo(Duration.ofMillis(5));
            assertThat(usage.totalTime()).isEqualTo(Duration.ofMillis(7));
            assertThat(usage.promptTokens()).isEqualTo(6);
            assertThat(usage.completionTokens()).isEqualTo(3);
        }
    }

    private static final class ThrowingSink implements TokenSink {
        @Override
        public void onToken(GeneratedToken token) {
            throw new IllegalStateException("the client has gone");
        }

        @Override
        public void onFinish(FinishReason reason, GenerationUsage usage) {
            throw new IllegalStateException("the client has gone");
        }

        @Override
        public void onError(FactoryException failure) {
            throw new IllegalStateException("the client has gone");
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    }
}
