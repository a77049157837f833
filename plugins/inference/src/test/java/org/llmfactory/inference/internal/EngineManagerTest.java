package org.llmfactory.inference.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.StopConditions;
import org.llmfactory.api.inference.testing.RecordingTokenSink;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.llmfactory.inference.engine.ScriptedModelRunner;
import org.llmfactory.inference.internal.ModelState.Phase;
import org.llmfactory.inference.internal.RecordingBundleContext.Registered;

final class EngineManagerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RecordingBundleContext bundle = new RecordingBundleContext();
    private final ScriptedRunnerFactory runners = new ScriptedRunnerFactory();
    private final LocalModel model = StubLocalModel.of("small");
    private EngineManager manager = new EngineManager(bundle.context(), NoTorch.torch(), runners, Configs.defaults());

    @AfterEach
    void stop() throws InterruptedException {
        runners.letGo();
        manager.stop();
        assertThat(bundle.services()).isEmpty();
        assertThat(runners.opened())
                .allSatisfy(runner -> assertThat(runner.isClosed()).isTrue());
    }

    @Test
    void aModelBecomesAnEngineServiceWithItsIdAndDigest() throws InterruptedException {
        manager.addModel(model);
        await(() -> bundle.services().size() == 1);

        Registered registered = bundle.services().get(0);
        assertThat(registered.properties())
                .containsEntry(LocalModel.ID, "small")
                .containsEntry(LocalModel.DIGEST, model.info().digest());
        assertThat(answer((InferenceEngine) registered.service()).ids()).hasSize(3);
        assertThat(manager.states()).containsExactly(new ModelState("small", Phase.READY, ""));
    }

    @Test
    void loadingHoldsNobodyUp() {
        runners.hold();

        manager.addModel(model);

        assertThat(bundle.services()).isEmpty();
        assertThat(manager.states()).containsExactly(new ModelState("small", Phase.LOADING, ""));
        runners.letGo();
        await(() -> bundle.services().size() == 1);
    }

    @Test
    void aModelThatCannotBeLoadedSaysWhy() {
        runners.failWith(new FactoryException(ErrorCode.INVALID_FILE, "The weights are truncated."));

        manager.addModel(model);

        await(() -> manager.states().get(0).phase() == Phase.FAILED);
        assertThat(manager.states().get(0).detail()).isEqualTo("The weights are truncated.");
        assertThat(bundle.services()).isEmpty();
    }

    @Test
    void aModelThatVanishesTakesItsEngineWithIt() {
        manager.addModel(model);
        await(() -> bundle.services().size() == 1);

        manager.removeModel(model);

        assertThat(bundle.services()).isEmpty();
        await(() -> runners.opened().get(0).isClosed());
        assertThat(manager.states()).isEmpty();
    }

    @Test
    void aModelThatVanishesWhileItLoadsIsNeverServed() {
        runners.hold();
        manager.addModel(model);
        manager.removeModel(model);
        LocalModel next = StubLocalModel.of("next");
        manager.addModel(next);

        runners.letGo();

        await(() -> bundle.services().size() == 1);
        assertThat(bundle.services().get(0).properties()).containsEntry(LocalModel.ID, "next");
    }

    @Test
    void modelsOfOtherKindsAndThoseNotNamedAreLeftAlone() throws InterruptedException {
        stop();
        manager = new EngineManager(
                bundle.context(), NoTorch.torch(), runners, Configs.with(Map.of("models", new String[] {"named"})));
        ModelInfo known = model.info();
        ModelInfo embedding = new ModelInfo(
                "named", known.digest(), "bert", known.contextLength(), known.vocabularySize(), known.created());

        manager.addModel(model);
        manager.addModel(new StubLocalModel(embedding, model.location(), model.text()));

        assertThat(manager.states()).isEmpty();
    }

    @Test
    void stoppingTakesEveryEngineAwayAndForgetsTheModels() throws InterruptedException {
        manager.addModel(model);
        await(() -> bundle.services().size() == 1);

        manager.stop();

        assertThat(bundle.services()).isEmpty();
        assertThat(runners.opened().get(0).isClosed()).isTrue();
        // Declarative Services unbinds what is still bound after that.
        manager.removeModel(model);
    }

    @Test
    void drainingWaitsForEveryEngine() throws Exception {
        manager.addModel(model);
        await(() -> bundle.services().size() == 1);
        CountDownLatch goOn = new CountDownLatch(1);
        ScriptedModelRunner runner = runners.opened().get(0);
        runner.onRun(chunks -> awaitOrFail(goOn));
        InferenceEngine engine = (InferenceEngine) bundle.services().get(0).service();
        RecordingTokenSink sink = new RecordingTokenSink();
        engine.submit(request(), sink);

        assertThat(manager.drain(Duration.ofMillis(20))).isFalse();
        goOn.countDown();
        assertThat(manager.drain(PATIENCE)).isTrue();
        assertThat(sink.ids()).hasSize(3);

        manager.resume();
        assertThat(answer(engine).ids()).hasSize(3);
    }

    @Test
    void metersComeAndGoWithTheirRegistry() throws InterruptedException {
        manager.addModel(model);
        await(() -> bundle.services().size() == 1);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();

        manager.setMeters(registry);
        answer((InferenceEngine) bundle.services().get(0).service());

        assertThat(registry.get("llmfactory.inference.tokens")
                        .tag("kind", "completion")
                        .counter()
                        .count())
                .isEqualTo(3);
        manager.unsetMeters(registry);
        assertThat(registry.getMeters()).isEmpty();
    }

    private static RecordingTokenSink answer(InferenceEngine engine) throws InterruptedException {
        RecordingTokenSink sink = new RecordingTokenSink();
        engine.submit(request(), sink);
        return sink.await(PATIENCE);
    }

    private static GenerationRequest request() {
        return new GenerationRequest(
                "request",
                "tenant",
                new int[] {1, 2, 3},
                List.of(),
                SamplingParameters.GREEDY,
                new StopConditions(3, Set.of(), false),
                PATIENCE,
                false);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            Thread.onSpinWait();
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
