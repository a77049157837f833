package org.llmfactory.api.inference.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.model.ModelInfo;

final class ScriptedInferenceEngineTest extends InferenceEngineContract {
    private static final ModelInfo MODEL = new ModelInfo("base", "b".repeat(64), "llama", 128, 258, Instant.EPOCH);

    private final ScriptedInferenceEngine engine = ScriptedInferenceEngine.answering(MODEL, 72, 101, 121, 33, 10);

    @AfterEach
    void close() {
        engine.close();
    }

    @Override
    protected InferenceEngine engine() {
        return engine;
    }

    @Override
    protected int[] prompt() {
        return new int[] {72, 105};
    }

    @Test
    void theScriptIsAnswered() throws InterruptedException {
        RecordingTokenSink sink = run(request(20, Set.of()), new RecordingTokenSink());

        assertThat(sink.ids()).containsExactly(72, 101, 121, 33, 10);
        assertThat(sink.reason()).contains(FinishReason.STOP);
        assertThat(engine.requests()).hasSize(1);
    }

    @Test
    void aScriptedFailureComesAfterTheTokens() throws InterruptedException {
        FactoryException broken = new FactoryException(ErrorCode.INTERNAL, "The engine broke.");
        try (ScriptedInferenceEngine failing =
                new ScriptedInferenceEngine(MODEL, request -> Script.of(72).failingWith(broken))) {
            RecordingTokenSink sink = new RecordingTokenSink();
            failing.submit(request(20, Set.of()), sink);

            assertThat(sink.await(DEADLINE).ids()).containsExactly(72);
            assertThat(sink.failure()).contains(broken);
        }
    }

    @Test
    void aCancellationIsSeenWhileTheEngineWaits() throws InterruptedException {
        engine.stepByStep().allow(2);
        RecordingTokenSink sink = new RecordingTokenSink(2);
        engine.submit(request(20, Set.of()), sink);

        assertThat(sink.await(DEADLINE).reason()).contains(FinishReason.CANCELLED);
        assertThat(sink.ids()).containsExactly(72, 101);
    }

    @Test
    void aFullQueueIsRefused() throws InterruptedException {
        engine.stepByStep().withCapacity(1);
        RecordingTokenSink first = new RecordingTokenSink();
        engine.submit(request(20, Set.of()), first);

        assertThatThrownBy(() -> engine.submit(request(20, Set.of()), new RecordingTokenSink()))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.retryAfter()).isPresent());
        first.cancel();
        first.await(DEADLINE);
    }
}
