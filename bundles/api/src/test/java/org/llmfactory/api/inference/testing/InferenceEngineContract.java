package org.llmfactory.api.inference.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.GenerationUsage;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.StopConditions;

/** What every {@link InferenceEngine} must do. A provider's test extends it and says which engine to test. */
public abstract class InferenceEngineContract {
    /** How long any generation of these tests may take. */
    protected static final Duration DEADLINE = Duration.ofSeconds(60);

    /** An idle engine with a context of at least 32 tokens; the same one during one test. */
    protected abstract InferenceEngine engine();

    /** A prompt of two or more ids the engine answers with at least four tokens. */
    protected abstract int[] prompt();

    /** Digests of adapters the engine knows, two or more; none when it serves the base model only. */
    protected List<String> adapters() {
        return List.of();
    }

    @Test
    protected void adaptersMixedInOneBatchAnswerLikeEachAlone() throws InterruptedException {
        assumeThat(adapters()).hasSizeGreaterThanOrEqualTo(2);
        List<List<AdapterWeight>> mixes = List.of(
                List.of(),
                List.of(new AdapterWeight(adapters().get(0), 1)),
                List.of(new AdapterWeight(adapters().get(1), 1)),
                List.of(
                        new AdapterWeight(adapters().get(0), 0.5f),
                        new AdapterWeight(adapters().get(1), 0.5f)));
        List<List<Integer>> alone = new ArrayList<>();
        for (List<AdapterWeight> mix : mixes) {
            alone.add(run(request(mix), new RecordingTokenSink()).ids());
        }
        List<RecordingTokenSink> together = new ArrayList<>();
        for (List<AdapterWeight> mix : mixes) {
            RecordingTokenSink sink = new RecordingTokenSink();
            engine().submit(request(mix), sink);
            together.add(sink);
        }
        for (int i = 0; i < mixes.size(); i++) {
            assertThat(together.get(i).await(DEADLINE).ids()).isEqualTo(alone.get(i));
        }
    }

    @Test
    protected void anAdapterOfWeightZeroAnswersLikeTheBase() throws InterruptedException {
        assumeThat(adapters()).isNotEmpty();
        List<Integer> base = run(request(List.of()), new RecordingTokenSink()).ids();

        RecordingTokenSink sink = new RecordingTokenSink();
        run(request(List.of(new AdapterWeight(adapters().get(0), 0))), sink);

        assertThat(sink.ids()).isEqualTo(base);
    }

    @Test
    protected void anUnknownAdapterIsRefusedAtOnce() {
        assumeThat(adapters()).isNotEmpty();
        RecordingTokenSink sink = new RecordingTokenSink();
        GenerationRequest request = request(List.of(new AdapterWeight("0".repeat(64), 1)));

        assertThatThrownBy(() -> engine().submit(request, sink))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND));
        assertThat(sink.endings()).isZero();
    }

    @Test
    protected void aGenerationEndsAtTheTokenLimit() throws InterruptedException {
        RecordingTokenSink sink = run(request(3, Set.of()), new RecordingTokenSink());

        assertThat(sink.ids()).hasSize(3);
        assertThat(sink.reason()).contains(FinishReason.LENGTH);
        assertThat(sink.endings()).isEqualTo(1);
    }

    @Test
    protected void usageCountsPromptAndCompletion() throws InterruptedException {
        GenerationUsage usage =
                run(request(3, Set.of()), new RecordingTokenSink()).usage().orElseThrow();

        assertThat(usage.promptTokens()).isEqualTo(prompt().length);
        assertThat(usage.completionTokens()).isEqualTo(3);
        assertThat(usage.timeToFirstToken()).isPositive().isLessThanOrEqualTo(usage.totalTime());
    }

    @Test
    protected void greedyGenerationIsRepeatable() throws InterruptedException {
        List<Integer> first =
                run(request(4, Set.of()), new RecordingTokenSink()).ids();

        assertThat(run(request(4, Set.of()), new RecordingTokenSink()).ids()).isEqualTo(first);
    }

    @Test
    protected void aStopTokenEndsTheGenerationAndIsReported() throws InterruptedException {
        int stop = run(request(4, Set.of()), new RecordingTokenSink()).ids().get(2);

        RecordingTokenSink sink = run(request(4, Set.of(stop)), new RecordingTokenSink());

        assertThat(sink.ids()).endsWith(stop).hasSizeLessThanOrEqualTo(3);
        assertThat(sink.reason()).contains(FinishReason.STOP);
    }

    @Test
    protected void aCancelledGenerationEndsAsCancelled() throws InterruptedException {
        RecordingTokenSink sink = run(request(16, Set.of()), new RecordingTokenSink(2));

        assertThat(sink.reason()).contains(FinishReason.CANCELLED);
        assertThat(sink.ids()).hasSizeBetween(2, 3);
    }

    @Test
    protected void logProbabilitiesAreToldOnlyWhenAskedFor() throws InterruptedException {
        RecordingTokenSink without = run(request(2, Set.of()), new RecordingTokenSink());
        RecordingTokenSink with = run(request(2, Set.of(), 3, DEADLINE), new RecordingTokenSink());

        assertThat(without.tokens())
                .allSatisfy(token -> assertThat(token.logprob()).isNaN());
        assertThat(with.tokens()).allSatisfy(token -> {
            assertThat(token.logprob()).isNotPositive();
            assertThat(token.top()).hasSize(3);
            assertThat(token.top().get(0).logprob())
                    .isGreaterThanOrEqualTo(token.top().get(1).logprob());
        });
    }

    @Test
    protected void aPassedDeadlineIsAnError() throws InterruptedException {
        RecordingTokenSink sink = run(request(4, Set.of(), -1, Duration.ofNanos(1)), new RecordingTokenSink());

        assertThat(sink.failure().orElseThrow().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(sink.endings()).isEqualTo(1);
    }

    @Test
    protected void aPromptBeyondTheContextIsRefusedAtOnce() {
        int[] prompt = new int[engine().model().contextLength() + 1];
        RecordingTokenSink sink = new RecordingTokenSink();
        GenerationRequest request = new GenerationRequest(
                "request",
                "tenant",
                prompt,
                List.of(),
                SamplingParameters.GREEDY,
                new StopConditions(1, Set.of(), false),
                DEADLINE,
                false);

        assertThatThrownBy(() -> engine().submit(request, sink))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED));
        assertThat(sink.endings()).isZero();
    }

    @Test
    protected void manyRequestsAtOnceAreAllAnswered() throws InterruptedException {
        List<Integer> alone =
                run(request(4, Set.of()), new RecordingTokenSink()).ids();
        List<RecordingTokenSink> sinks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            RecordingTokenSink sink = new RecordingTokenSink();
            engine().submit(request(4, Set.of()), sink);
            sinks.add(sink);
        }
        for (RecordingTokenSink sink : sinks) {
            assertThat(sink.await(DEADLINE).ids()).isEqualTo(alone);
        }
    }

    /** A greedy request of the base model. */
    protected final GenerationRequest request(int maxTokens, Set<Integer> stopTokens) {
        return request(maxTokens, stopTokens, -1, DEADLINE);
    }

    private GenerationRequest request(List<AdapterWeight> adapters) {
        return new GenerationRequest(
                "request",
                "tenant",
                prompt(),
                adapters,
                SamplingParameters.GREEDY,
                new StopConditions(4, Set.of(), false),
                DEADLINE,
                false);
    }

    private GenerationRequest request(int maxTokens, Set<Integer> stopTokens, int topLogprobs, Duration deadline) {
        SamplingParameters greedy = SamplingParameters.GREEDY;
        SamplingParameters sampling = new SamplingParameters(
                0,
                greedy.topP(),
                greedy.topK(),
                greedy.minP(),
                greedy.repetitionPenalty(),
                greedy.frequencyPenalty(),
                greedy.presencePenalty(),
                greedy.logitBias(),
                greedy.seed(),
                topLogprobs);
        return new GenerationRequest(
                "request",
                "tenant",
                prompt(),
                List.of(),
                sampling,
                new StopConditions(maxTokens, stopTokens, false),
                deadline,
                false);
    }

    /** Submits and waits for the end. */
    protected final RecordingTokenSink run(GenerationRequest request, RecordingTokenSink sink)
            throws InterruptedException {
        engine().submit(request, sink);
        return sink.await(DEADLINE);
    }
}
