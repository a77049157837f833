package org.llmfactory.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.inference.EngineStatus;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.SamplingParameters;
import org.llmfactory.api.inference.StopConditions;
import org.llmfactory.api.inference.TokenSink;
import org.llmfactory.api.inference.testing.RecordingTokenSink;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.model.testing.StubLocalModel;

/** What becomes of a sequence among several engines; of those that are equally good, the first one added comes first. */
final class RoutingTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final ModelInfo BASE = StubLocalModel.of("base").info();
    private static final ModelInfo OTHER_WEIGHTS =
            new ModelInfo("base", "c".repeat(64), "llama", 4096, 258, BASE.created());
    private final FactoryException lostNode = new FactoryException(ErrorCode.UNAVAILABLE, "The node was lost.");
    private final Engines engines = new Engines();
    private final List<ScriptedInferenceEngine> made = new ArrayList<>();

    @AfterEach
    void close() {
        made.forEach(ScriptedInferenceEngine::close);
    }

    @Test
    void theOnlyEngineOfThisProcessIsUsedAsItIs() {
        ScriptedInferenceEngine engine = local(request -> Script.of(1));

        Routing routing = engines.find(BASE, "proj_a").orElseThrow();

        assertThat(routing.engine()).isSameAs(engine);
        assertThat(Route.header(routing.routes().get()))
                .isEqualTo("agent=local; reason=\"only engine, local\"; tried=1");
    }

    @Test
    void nodesOfAProjectTakeItsRequestsAlone() {
        remote("proj_a", "a", request -> Script.of(1));
        remote("shared", "s", request -> Script.of(2));
        remote("platform", "p", request -> Script.of(3));

        assertThat(agents("proj_a")).containsExactly("proj_a/a", "shared/s", "platform/p");
        assertThat(agents("proj_b")).containsExactly("shared/s", "platform/p");
    }

    @Test
    void anEngineWithOtherWeightsIsAnotherModels() {
        engines.add(EngineEntry.of(engine(OTHER_WEIGHTS, request -> Script.of(1)), Map.of()));

        assertThat(engines.find(BASE, "proj_a")).isEmpty();
        assertThat(engines.serve(OTHER_WEIGHTS, "proj_a")).isTrue();
    }

    @Test
    void aSequenceThatIsLostBeforeItsFirstTokenIsAnsweredByAnotherEngine() throws InterruptedException {
        ScriptedInferenceEngine lost =
                remote("shared", "lost", request -> Script.of().failingWith(lostNode));
        ScriptedInferenceEngine good = remote("shared", "good", request -> Script.of(7, 8));
        Routing routing = engines.find(BASE, "proj_a").orElseThrow();

        RecordingTokenSink sink = submit(routing);

        assertThat(sink.ids()).containsExactly(7, 8);
        assertThat(sink.endings()).isEqualTo(1);
        assertThat(sink.usage().orElseThrow().completionTokens()).isEqualTo(2);
        assertThat(lost.requests()).hasSize(1);
        assertThat(good.requests().get(0).deadline()).isLessThan(SOON);
        assertThat(routing.routes().get()).singleElement().satisfies(route -> {
            assertThat(route.agent()).isEqualTo("shared/good");
            assertThat(route.tried()).isEqualTo(2);
            assertThat(route.begun()).isTrue();
        });
    }

    @Test
    void aSequenceThatIsLostByTheOnlyEngineWaitsForItsReturn() throws InterruptedException {
        ScriptedInferenceEngine only = engine(
                BASE, request -> made.get(0).requests().size() < 2 ? Script.of().failingWith(lostNode) : Script.of(7));
        engines.add(EngineEntry.of(only, Map.of(InferenceEngine.AGENT, "shared/only")));
        Routing routing = engines.find(BASE, "proj_a").orElseThrow();
        RecordingTokenSink sink = new RecordingTokenSink();
        routing.engine().submit(request(SOON), sink);
        await().atMost(SOON).until(() -> only.requests().size() == 1);

        engines.remove(only);
        engines.add(EngineEntry.of(only, Map.of(InferenceEngine.AGENT, "shared/only")));

        assertThat(sink.await(SOON).ids()).containsExactly(7);
        assertThat(routing.routes().get().get(0).tried()).isEqualTo(2);
    }

    @Test
    void aSequenceThatIsLostByTheOnlyEngineFailsWhenItDoesNotReturn() throws InterruptedException {
        remote("shared", "lost", request -> Script.of().failingWith(lostNode));

        RecordingTokenSink sink = submit(engines.find(BASE, "proj_a").orElseThrow());

        assertThat(sink.failure()).contains(lostNode);
        assertThat(sink.endings()).isEqualTo(1);
        assertThat(made.get(0).requests()).hasSize(1);
    }

    @Test
    void anAnswerThatHasBegunIsNotBegunAgain() throws InterruptedException {
        remote("shared", "lost", request -> Script.of(7).failingWith(lostNode));
        ScriptedInferenceEngine good = remote("shared", "good", request -> Script.of(7, 8));

        RecordingTokenSink sink = submit(engines.find(BASE, "proj_a").orElseThrow());

        assertThat(sink.ids()).containsExactly(7);
        assertThat(sink.failure()).contains(lostNode);
        assertThat(good.requests()).isEmpty();
    }

    @Test
    void whatIsWrongWithTheRequestIsNotTriedElsewhere() throws InterruptedException {
        FactoryException broken = new FactoryException(ErrorCode.INVALID_FILE, "The adapter is broken.");
        remote("shared", "bad", request -> Script.of().failingWith(broken));
        ScriptedInferenceEngine good = remote("shared", "good", request -> Script.of(7));

        RecordingTokenSink sink = submit(engines.find(BASE, "proj_a").orElseThrow());

        assertThat(sink.failure()).contains(broken);
        assertThat(good.requests()).isEmpty();
    }

    @Test
    void threeEnginesAreTriedAtMostAndTheLastOnesWordCounts() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            remote("shared", "node-" + i, request -> Script.of().failingWith(lostNode));
        }
        Routing routing = engines.find(BASE, "proj_a").orElseThrow();

        RecordingTokenSink sink = submit(routing);

        assertThat(sink.failure()).contains(lostNode);
        assertThat(sink.endings()).isEqualTo(1);
        assertThat(made.stream().mapToInt(engine -> engine.requests().size()).sum())
                .isEqualTo(3);
        assertThat(routing.routes().get().get(0).tried()).isEqualTo(3);
    }

    @Test
    void aFullEngineIsPassedOver() throws InterruptedException {
        remote("shared", "full", request -> Script.of(1)).withCapacity(0);
        remote("shared", "free", request -> Script.of(2));

        for (int i = 0; i < 3; i++) {
            assertThat(submit(engines.find(BASE, "proj_a").orElseThrow()).ids()).containsExactly(2);
        }
    }

    @Test
    void whenAllAreFullTheRequestIsRefusedAtOnce() {
        remote("shared", "full", request -> Script.of(1)).withCapacity(0);
        remote("shared", "too", request -> Script.of(1)).withCapacity(0);
        RecordingTokenSink sink = new RecordingTokenSink();
        InferenceEngine routed = engines.find(BASE, "proj_a").orElseThrow().engine();

        assertThatThrownBy(() -> routed.submit(request(SOON), sink))
                .isInstanceOfSatisfying(FactoryException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED);
                    assertThat(failure.retryAfter()).isPresent();
                });
        assertThat(sink.endings()).isZero();
    }

    @Test
    void anAnswerThatNobodyWaitsForIsNotBegunElsewhere() throws InterruptedException {
        engines.add(new EngineEntry(
                new LosingEngine(BASE, lostNode), Optional.of("shared/lost"), Optional.of("shared"), Optional.empty()));
        ScriptedInferenceEngine good = remote("shared", "good", request -> Script.of(7));
        RecordingTokenSink sink = new RecordingTokenSink();
        sink.cancel();
        engines.find(BASE, "proj_a").orElseThrow().engine().submit(request(SOON), sink);

        assertThat(sink.await(SOON).failure()).contains(lostNode);
        assertThat(good.requests()).isEmpty();
    }

    @Test
    void severalSequencesTellOfEachAgentOnce() throws InterruptedException {
        remote("shared", "one", request -> Script.of(7));
        Routing routing = engines.find(BASE, "proj_a").orElseThrow();
        submit(routing);
        submit(routing);
        assertThat(Route.header(routing.routes().get()))
                .isEqualTo("agent=shared/one; reason=\"load 0, remote\"; tried=1");

        engines.remove(made.get(0));
        remote("shared", "two", request -> Script.of(7));
        submit(routing);

        assertThat(Route.header(routing.routes().get()))
                .isEqualTo("agent=shared/one; reason=\"load 0, remote\"; tried=1, agent=shared/two; reason=\"load 0,"
                        + " remote\"; tried=1");
    }

    @Test
    void untilTheEngineBeginsTheRouteIsPending() throws InterruptedException {
        ScriptedInferenceEngine slow =
                remote("shared", "slow", request -> Script.of(7)).stepByStep();
        Routing routing = engines.find(BASE, "proj_a").orElseThrow();
        RecordingTokenSink sink = new RecordingTokenSink();
        routing.engine().submit(request(SOON), sink);

        assertThat(Route.header(routing.routes().get())).endsWith("; tried=1; pending");
        slow.allow(10);
        sink.await(SOON);
        assertThat(Route.header(routing.routes().get())).endsWith("; tried=1");
    }

    private List<String> agents(String project) {
        return engines.serving(BASE, project).stream()
                .map(entry -> entry.agent().orElseThrow())
                .toList();
    }

    private RecordingTokenSink submit(Routing routing) throws InterruptedException {
        RecordingTokenSink sink = new RecordingTokenSink();
        routing.engine().submit(request(SOON), sink);
        return sink.await(SOON);
    }

    private static GenerationRequest request(Duration deadline) {
        return new GenerationRequest(
                "request",
                "proj_a",
                new int[] {1, 2},
                List.of(),
                SamplingParameters.GREEDY,
                new StopConditions(10, Set.of(), false),
                deadline,
                false);
    }

    private ScriptedInferenceEngine local(Function<GenerationRequest, Script> script) {
        ScriptedInferenceEngine engine = engine(BASE, script);
        engines.add(EngineEntry.of(engine, Map.of()));
        return engine;
    }

    private ScriptedInferenceEngine remote(String tenant, String name, Function<GenerationRequest, Script> script) {
        ScriptedInferenceEngine engine = engine(BASE, script);
        engines.add(EngineEntry.of(
                engine,
                Map.of(
                        InferenceEngine.REMOTE,
                        true,
                        InferenceEngine.AGENT,
                        tenant + "/" + name,
                        InferenceEngine.TENANT,
                        tenant)));
        return engine;
    }

    private ScriptedInferenceEngine engine(ModelInfo model, Function<GenerationRequest, Script> script) {
        ScriptedInferenceEngine engine = new ScriptedInferenceEngine(model, script);
        made.add(engine);
        return engine;
    }

    /** Loses every sequence at once, cancelled or not. */
    private record LosingEngine(ModelInfo model, FactoryException failure) implements InferenceEngine {
        @Override
        public void submit(GenerationRequest request, TokenSink sink) {
            sink.onError(failure);
        }

        @Override
        public EngineStatus status() {
            return new EngineStatus("cpu", "float32", 0, 0, 0, 0, List.of(), 0, 0);
        }
    }
}
