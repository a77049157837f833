package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.GeneratedToken;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.testing.RecordingTokenSink;

final class EngineRequestTest {
    private static final int VOCABULARY = EngineFixture.VOCABULARY;

    @Test
    void aPromptBeyondTheContextIsRefusedInOpenAisWords() {
        refused(
                Requests.ofLength(257, 1).maxTokens(0),
                ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                failure -> assertThat(failure)
                        .hasMessage(
                                "This model's maximum context length is 256 tokens. However, your prompt resulted in"
                                        + " 257 tokens. Please reduce the length of the prompt."));
    }

    @Test
    void aPromptThatLeavesNoRoomForATokenIsRefused() {
        refused(Requests.ofLength(256, 1).maxTokens(1), ErrorCode.CONTEXT_LENGTH_EXCEEDED, failure -> {});
    }

    @Test
    void anEmptyPromptIsRefused() {
        refused(
                Requests.of(),
                ErrorCode.INVALID_VALUE,
                failure -> assertThat(failure.parameter()).contains("prompt"));
    }

    @Test
    void aTokenOutsideTheVocabularyIsRefused() {
        refused(
                Requests.of(1, VOCABULARY),
                ErrorCode.INVALID_VALUE,
                failure -> assertThat(failure).hasMessageContaining("There is no token 50"));
        refused(Requests.of(-1), ErrorCode.INVALID_VALUE, failure -> {});
    }

    @Test
    void aBiasOutsideTheVocabularyIsRefused() {
        SamplingParameters sampling =
                new SamplingParameters(1, 1, 0, 0, 1, 0, 0, Map.of(VOCABULARY, 1f), OptionalLong.empty(), -1);
        refused(
                Requests.of(1).sampling(sampling),
                ErrorCode.INVALID_VALUE,
                failure -> assertThat(failure.parameter()).contains("logit_bias"));
    }

    @Test
    void anUnknownAdapterIsRefused() {
        refused(Requests.of(1).adapter("unknown"), ErrorCode.MODEL_NOT_FOUND, failure -> {});
    }

    @Test
    void anAdapterThatAppearsTwiceIsRefused() {
        refused(Requests.of(1).adapter("a").adapter("a"), ErrorCode.INVALID_VALUE, failure -> {});
    }

    @Test
    void adaptersLargerThanThePoolAreRefusedWithTheReason() {
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.adapterLimits(4, 5 << 20), 64)) {
            fixture.adapters().with("huge", 6 << 20);

            RecordingTokenSink sink = fixture.answer(Requests.of(1).adapter("huge"));

            assertThat(sink.failure().orElseThrow())
                    .hasMessageContaining("take 6 MiB")
                    .hasMessageContaining("at most 5 MiB");
        }
    }

    @Test
    void promptLogProbabilitiesAreThoseOfTheTokensThatFollow() {
        // A budget that cuts the prompt into pieces.
        try (EngineFixture fixture = EngineFixture.of(EngineFixture.limits(4, 7), 256)) {
            Requests request =
                    Requests.ofLength(20, 3).sampling(Requests.logprobs(2)).withPromptLogprobs();

            RecordingTokenSink sink = fixture.answer(request);

            int[] prompt = request.prompt();
            assertThat(sink.prompt()).hasSize(20);
            assertThat(sink.prompt().get(0).logprob()).isNaN();
            for (int i = 1; i < prompt.length; i++) {
                float[] logits =
                        ScriptedModelRunner.logits(request.adapters(), false, Arrays.copyOf(prompt, i), VOCABULARY);
                GeneratedToken expected = LogProbabilities.describe(logits, prompt[i], 2);
                assertThat(sink.prompt().get(i)).isEqualTo(expected);
            }
            assertThat(sink.ids()).isEqualTo(request.greedyAnswer(VOCABULARY));
        }
    }

    @Test
    void fewRowsOfLogitsAreHeldAtOnceForALongPrompt() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            fixture.answer(Requests.ofLength(200, 3).withPromptLogprobs());

            assertThat(fixture.runner().steps().get(0).get(0).tokens()).hasSize(64);
        }
    }

    @Test
    void promptLogProbabilitiesComeWithoutACompletionToo() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            RecordingTokenSink sink =
                    fixture.answer(Requests.ofLength(3, 3).maxTokens(0).withPromptLogprobs());

            assertThat(sink.prompt()).extracting(GeneratedToken::id).hasSize(3);
            assertThat(sink.ids()).isEmpty();
        }
    }

    @Test
    void aPromptOfOneTokenHasNothingToTell() {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            RecordingTokenSink sink = fixture.answer(Requests.of(7).withPromptLogprobs());

            assertThat(sink.prompt()).containsExactly(GeneratedToken.of(7));
        }
    }

    private static void refused(Requests request, ErrorCode code, Consumer<FactoryException> details) {
        try (EngineFixture fixture = EngineFixture.roomy()) {
            RecordingTokenSink sink = new RecordingTokenSink();
            fixture.adapters().with("a", 1);
            assertThatThrownBy(() -> fixture.engine().submit(request.build(), sink))
                    .isInstanceOfSatisfying(FactoryException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(code);
                        details.accept(failure);
                    });
            assertThat(sink.endings()).isZero();
        }
    }
}
