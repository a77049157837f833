package org.llmfactory.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.testing.InferenceEngineContract;
import org.llmfactory.api.inference.testing.RecordingTokenSink;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.inference.runner.RunnerLimits;

/** The engine on its own thread, as it is served. */
final class EngineThreadTest extends InferenceEngineContract {
    private static final ModelInfo MODEL =
            new ModelInfo("base", "b".repeat(64), "llama", 256, EngineFixture.VOCABULARY, Instant.EPOCH);

    private final ScriptedModelRunner runner =
            new ScriptedModelRunner(new RunnerLimits(EngineFixture.VOCABULARY, 256, 4, 256));
    private final ScriptedAdapters adapters =
            new ScriptedAdapters().with("a", 10).with("b", 10).with("slow", 10);
    private final Engine engine = new Engine(
            MODEL, "cpu", runner, adapters, EngineFixture.limits(16, 64), EngineObserver.NONE, System::nanoTime);
    private final EngineThread thread = new EngineThread(engine);

    @AfterEach
    void close() {
        thread.close();
        assertThat(adapters.bytesInMemory()).isZero();
    }

    @Override
    protected InferenceEngine engine() {
        return engine;
    }

    @Override
    protected int[] prompt() {
        return new int[] {3, 1, 4, 1, 5};
    }

    @Override
    protected List<String> adapters() {
        return List.of("a", "b");
    }

    @Test
    void aSlowAdapterDoesNotHoldUpTheOthers() throws InterruptedException {
        adapters.hold("slow");
        Requests base = Requests.of(prompt());
        RecordingTokenSink slow = submit(base.adapter("slow"));

        for (int i = 0; i < 5; i++) {
            assertThat(submit(base.adapter("a")).await(DEADLINE).ids())
                    .isEqualTo(base.adapter("a").greedyAnswer(EngineFixture.VOCABULARY));
        }
        assertThat(slow.endings()).isZero();

        adapters.letGo("slow");
        assertThat(slow.await(DEADLINE).ids()).isEqualTo(base.adapter("slow").greedyAnswer(EngineFixture.VOCABULARY));
        assertThat(slow.usage().orElseThrow().adapterLoadTime()).isPositive();
    }

    @Test
    void drainingAnswersWhatIsThereAndRefusesWhatComes() throws Exception {
        CountDownLatch computing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        runner.onRun(chunks -> {
            computing.countDown();
            awaitOrFail(goOn);
        });
        RecordingTokenSink running = submit(Requests.of(prompt()));
        assertThat(computing.await(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(this::drain);
        assertThatThrownBy(() -> drained.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertRefused(ErrorCode.OVERLOADED);
        goOn.countDown();

        assertThat(drained.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(running.reason()).contains(FinishReason.LENGTH);
        thread.resume();
        assertThat(submit(Requests.of(prompt())).await(DEADLINE).reason()).contains(FinishReason.LENGTH);
    }

    @Test
    void aDrainThatTakesTooLongSaysSo() throws InterruptedException {
        CountDownLatch goOn = new CountDownLatch(1);
        runner.onRun(chunks -> awaitOrFail(goOn));
        submit(Requests.of(prompt()));

        assertThat(thread.drain(Duration.ofMillis(20))).isFalse();

        goOn.countDown();
    }

    @Test
    void closingWaitsForTheStepAndFailsTheRest() throws Exception {
        CountDownLatch computing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        runner.onRun(chunks -> {
            computing.countDown();
            awaitOrFail(goOn);
        });
        RecordingTokenSink running = submit(Requests.of(prompt()).maxTokens(100));
        assertThat(computing.await(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> closed = CompletableFuture.runAsync(thread::close);
        assertThatThrownBy(() -> closed.get(50, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(runner.isClosed()).isFalse();
        goOn.countDown();
        closed.get(10, TimeUnit.SECONDS);

        assertThat(runner.isClosed()).isTrue();
        assertThat(running.ids()).hasSize(1);
        assertThat(running.failure().orElseThrow().code()).isEqualTo(ErrorCode.OVERLOADED);
        assertRefused(ErrorCode.OVERLOADED);
    }

    @Test
    void anErrorOnTheStepThreadFailsEveryoneAndIsToldToThoseWhoCome() throws InterruptedException {
        runner.onRun(chunks -> {
            throw new OutOfMemoryError("of the test");
        });
        RecordingTokenSink sink = submit(Requests.of(prompt()));

        assertThat(sink.await(DEADLINE).failure().orElseThrow().code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(engine.isBroken()).isTrue();
        assertRefused(ErrorCode.INTERNAL);
    }

    @Test
    void manyThreadsMaySubmitAtTheSameTime() throws Exception {
        List<CompletableFuture<RecordingTokenSink>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Requests request = Requests.ofLength(1 + i % 30, i).adapter(i % 2 == 0 ? "a" : "b");
            answers.add(CompletableFuture.supplyAsync(() -> submit(request)));
        }
        for (int i = 0; i < 200; i++) {
            Requests request = Requests.ofLength(1 + i % 30, i).adapter(i % 2 == 0 ? "a" : "b");
            RecordingTokenSink sink = answers.get(i).get(10, TimeUnit.SECONDS).await(DEADLINE);
            assertThat(sink.ids()).isEqualTo(request.greedyAnswer(EngineFixture.VOCABULARY));
        }
    }

    private RecordingTokenSink submit(Requests request) {
        RecordingTokenSink sink = new RecordingTokenSink();
        engine.submit(request.build(), sink);
        return sink;
    }

    private void assertRefused(ErrorCode code) {
        assertThatThrownBy(() -> submit(Requests.of(prompt())))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private boolean drain() {
        try {
            return thread.drain(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test forgot the runner");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
