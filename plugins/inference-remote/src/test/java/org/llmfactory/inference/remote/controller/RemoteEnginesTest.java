package org.llmfactory.inference.remote.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.inference.AdapterWeight;
import org.llmfactory.api.inference.FinishReason;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.testing.RecordingTokenSink;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport.EngineReport;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.llmfactory.inference.remote.testing.TestNetwork;
import org.llmfactory.inference.remote.testing.TestNode;

/** That engines of agents come and go as their agents do, and that no generation is left hanging. */
final class RemoteEnginesTest {
    private static final Duration QUICKLY = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private TestNetwork network;
    private TestController controller;

    @BeforeEach
    void start() {
        network = new TestNetwork(folder);
        controller = new TestController(network, folder.resolve("controller"));
        controller.knowModel();
    }

    @AfterEach
    void stop() throws InterruptedException {
        controller.close();
        network.close();
    }

    @Test
    void anEngineComesWithItsAgentsReportAndSaysWhereItIs() {
        TestNode node = network.node("shared/node-1", request -> Script.of(1));

        join(node);

        assertThat(controller.properties().get(0))
                .isEqualTo(Map.of(
                        "model.id",
                        "base",
                        "model.digest",
                        "b".repeat(64),
                        "engine.remote",
                        true,
                        "engine.agent",
                        "shared/node-1",
                        "engine.tenant",
                        "shared",
                        "engine.region",
                        "region-1"));
        assertThat(controller.engines().get(0).model()).isEqualTo(TestNetwork.MODEL);
        assertThat(controller.models()).isEmpty();
    }

    @Test
    void thisControllersOwnEnginesAreNotFoundASecondTime() {
        TestNode node = network.node("shared/node-1", request -> Script.of(1));
        network.fleet().report(TestNetwork.CONTROLLER, node.report());

        join(node);

        assertThat(controller.properties()).hasSize(1);
        assertThat(controller.properties().get(0).get(InferenceEngine.AGENT)).isEqualTo("shared/node-1");
    }

    @Test
    void anEngineThatIsNotReportedAnyMoreGoesAndItsGenerationsAreFinished() throws InterruptedException {
        TestNode node = network.node("shared/node-1", request -> Script.of(1, 2));
        node.engine().stepByStep();
        join(node);
        RecordingTokenSink sink = submit();

        network.fleet().report(node.address(), TestNode.report(List.of()));
        soon().until(() -> controller.engines().isEmpty());
        node.engine().allow(10);

        assertThat(sink.await(TestNetwork.SOON).ids()).containsExactly(1, 2);
        assertThat(sink.reason()).contains(FinishReason.STOP);
    }

    @Test
    void anAgentThatFallsSilentTakesItsEngineAlongAndBringsItBack() throws InterruptedException {
        TestNode node = network.node("shared/node-1", request -> Script.of(1, 2));
        node.engine().stepByStep();
        join(node);
        RecordingTokenSink sink = submit();

        network.fleet().silence(node.address());

        assertThat(code(sink.await(QUICKLY))).isEqualTo(ErrorCode.UNAVAILABLE);
        soon().until(() -> controller.engines().isEmpty());
        network.fleet().report(node.address(), node.report());
        soon().until(() -> controller.engines().size() == 1);
        node.engine().allow(10);
        assertThat(submit().await(TestNetwork.SOON).ids()).containsExactly(1, 2);
    }

    @Test
    void anAnswerThatHasBegunSurvivesAShortSilenceOfItsAgent() throws InterruptedException {
        TestNode node = network.node("shared/node-1", request -> Script.of(1, 2));
        node.engine().stepByStep();
        join(node);
        RecordingTokenSink sink = begin(node, 1);

        network.fleet().silence(node.address());
        soon().until(() -> controller.engines().isEmpty());
        network.fleet().report(node.address(), node.report());
        soon().until(() -> controller.engines().size() == 1);
        node.engine().allow(10);

        assertThat(sink.await(TestNetwork.SOON).ids()).containsExactly(1, 2);
    }

    @Test
    void anAnswerThatHasBegunEndsWhenItsAgentStaysSilent() throws InterruptedException {
        TestNode node = network.node("shared/node-1", request -> Script.of(1, 2));
        node.engine().stepByStep();
        join(node);
        RecordingTokenSink sink = begin(node, 1);

        network.fleet().silence(node.address());

        assertThat(code(sink.await(TestNetwork.SOON))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(sink.endings()).isEqualTo(1);
    }

    @Test
    void aNodeThatDiesBeforeTheFirstTokenIsGivenUpAtOnce() throws InterruptedException {
        TestNode node = network.node("shared/node-1", request -> Script.of(1, 2));
        node.engine().stepByStep();
        join(node);
        RecordingTokenSink sink = submit();
        soon().until(() -> node.engine().requests().size() == 1);

        network.plane().kill(node.address());

        assertThat(code(sink.await(QUICKLY))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(sink.failure().orElseThrow().retryAfter()).isPresent();
        assertThat(sink.failure().orElseThrow().getMessage()).doesNotContain("node-1");
        assertThat(sink.ids()).isEmpty();
        assertThat(sink.endings()).isEqualTo(1);
    }

    @Test
    void aNodeThatDiesInTheMiddleOfAnAnswerIsGivenUpAtOnce() throws InterruptedException {
        TestNode node = network.node("shared/node-1", request -> Script.of(1, 2, 3));
        node.engine().stepByStep();
        join(node);
        RecordingTokenSink sink = begin(node, 2);

        network.plane().kill(node.address());

        assertThat(code(sink.await(QUICKLY))).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(sink.ids()).containsExactly(1, 2);
        assertThat(sink.endings()).isEqualTo(1);
    }

    @Test
    void anEngineThatCannotBeReachedGoesUntilItsAgentIsHeardAgain() throws InterruptedException {
        TestNode node = network.node("shared/node-1", request -> Script.of(1));
        join(node);
        InferenceEngine engine = controller.engines().get(0);
        network.plane().kill(node.address());

        assertThat(code(submit(engine).await(QUICKLY))).isEqualTo(ErrorCode.UNAVAILABLE);
        Awaitility.await().atMost(QUICKLY).until(() -> controller.engines().isEmpty());
        RecordingTokenSink refused = new RecordingTokenSink();
        assertThatThrownBy(() -> engine.submit(TestNetwork.request("proj_a", LONG), refused))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(refused.endings()).isZero();

        network.plane().offer(node.address(), node.service());
        network.fleet().report(node.address(), node.report());

        soon().until(() -> controller.engines().size() == 1);
        assertThat(submit().await(TestNetwork.SOON).ids()).containsExactly(1);
    }

    @Test
    void anAgentThatWasRestartedHasLostWhatItWasDoing() throws InterruptedException {
        TestNode node = network.node("shared/node-1", request -> Script.of(1));
        node.engine().stepByStep();
        join(node);
        RecordingTokenSink sink = submit();
        List<EngineReport> engines = node.report().engines();

        network.fleet().report(node.address(), TestNode.report(engines, Instant.EPOCH.plusSeconds(60)));

        assertThat(code(sink.await(QUICKLY))).isEqualTo(ErrorCode.UNAVAILABLE);
        soon().until(() -> controller.engines().size() == 1);
    }

    @Test
    void aSinkThatLosesInterestEndsTheGenerationOnTheNode() throws InterruptedException {
        TestNode node = network.node("shared/node-1", request -> Script.of(1, 2, 3));
        node.engine().stepByStep();
        join(node);
        RecordingTokenSink sink = begin(node, 1);

        sink.cancel();

        assertThat(sink.await(TestNetwork.SOON).reason()).contains(FinishReason.CANCELLED);
        assertThat(sink.usage().orElseThrow().completionTokens()).isEqualTo(1);
        soon().until(() -> node.engine().status().running() == 0);
    }

    @Test
    void aNodeThatTakesARequestAndSaysNothingIsNotWaitedForBeyondTheDeadline() throws InterruptedException {
        AgentAddress mute = AgentAddress.parse("shared/mute");
        network.plane().offer(mute, new MuteService());
        network.fleet().report(mute, TestNode.report(List.of(reported(0, 0))));
        soon().until(() -> controller.engines().size() == 1);
        RecordingTokenSink late = new RecordingTokenSink();
        RecordingTokenSink cancelled = new RecordingTokenSink();

        controller.engines().get(0).submit(TestNetwork.request("proj_a", Duration.ofMillis(200)), late);
        controller.engines().get(0).submit(TestNetwork.request("proj_a", LONG), cancelled);
        cancelled.cancel();

        assertThat(code(late.await(TestNetwork.SOON))).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(cancelled.await(TestNetwork.SOON).reason()).contains(FinishReason.CANCELLED);
    }

    @Test
    void aNodeOfAProjectRefusesOthersItself() throws InterruptedException {
        TestNode node = network.node("proj_a/node-1", request -> Script.of(1));
        join(node);

        RecordingTokenSink foreign = new RecordingTokenSink();
        controller.engines().get(0).submit(TestNetwork.request("proj_b", LONG), foreign);

        assertThat(code(foreign.await(TestNetwork.SOON))).isEqualTo(ErrorCode.PERMISSION_DENIED);
        assertThat(node.engine().requests()).isEmpty();
        assertThat(submit().await(TestNetwork.SOON).ids()).containsExactly(1);
        assertThat(controller.properties().get(0).get(InferenceEngine.TENANT)).isEqualTo("proj_a");
    }

    @Test
    void whatTheEngineRefusesIsToldAsItSaidIt() throws InterruptedException {
        TestNode node = network.node("shared/node-1", request -> Script.of(1));
        node.engine().withCapacity(0);
        join(node);

        FactoryException failure = submit().await(TestNetwork.SOON).failure().orElseThrow();

        assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(failure).hasMessage("The queue is full.");
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(1));
        assertThat(controller.engines()).hasSize(1);
    }

    @Test
    void anAdapterThatTheControllerDoesNotKnowIsRefusedAtOnce() {
        join(network.node("shared/node-1", request -> Script.of(1)));
        AdapterWeight unknown = new AdapterWeight("0".repeat(64), 1);

        assertThatThrownBy(() -> controller
                        .engines()
                        .get(0)
                        .submit(TestNetwork.request("proj_a", LONG, unknown), new RecordingTokenSink()))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND));
    }

    @Test
    void theLoadCountsWhatHasBeenSentSinceTheReport() throws InterruptedException {
        AdapterInfo adapter = network.adapter("pirate", "proj_a", Visibility.PROJECT);
        TestNode node = network.node("shared/node-1", request -> Script.of(1));
        node.engine().stepByStep();
        join(node);
        InferenceEngine engine = controller.engines().get(0);
        assertThat(engine.status().running() + engine.status().waiting()).isZero();

        RecordingTokenSink sink = new RecordingTokenSink();
        engine.submit(TestNetwork.request("proj_a", LONG, new AdapterWeight(adapter.digest(), 1)), sink);

        assertThat(engine.status().waiting()).isEqualTo(1);
        assertThat(engine.status().residentAdapters()).containsExactly(adapter.digest());
        node.engine().allow(10);
        sink.await(TestNetwork.SOON);
        assertThat(engine.status().waiting()).isZero();
        assertThat(engine.status().generatedTokens()).isEqualTo(1);
    }

    private void join(TestNode node) {
        network.fleet().report(node.address(), node.report());
        soon().until(() -> controller.properties().stream()
                .anyMatch(properties -> node.address().toString().equals(properties.get(InferenceEngine.AGENT))));
    }

    /** A generation of which so many tokens have come. */
    private RecordingTokenSink begin(TestNode node, int tokens) {
        RecordingTokenSink sink = submit();
        node.engine().allow(tokens);
        soon().until(() -> sink.ids().size() == tokens);
        return sink;
    }

    private RecordingTokenSink submit() {
        return submit(controller.engines().get(0));
    }

    private static RecordingTokenSink submit(InferenceEngine engine) {
        RecordingTokenSink sink = new RecordingTokenSink();
        engine.submit(TestNetwork.request("proj_a", LONG), sink);
        return sink;
    }

    private static ErrorCode code(RecordingTokenSink sink) {
        return sink.failure().orElseThrow().code();
    }

    private static EngineReport reported(int running, int waiting) {
        return new EngineReport("base", TestNetwork.MODEL.digest(), "cpu", List.of(), running, waiting);
    }

    private static ConditionFactory soon() {
        return Awaitility.await().atMost(TestNetwork.SOON);
    }

    /** Takes everything and does nothing. */
    private static final class MuteService implements StreamService {
        @Override
        public String name() {
            return "inference";
        }

        @Override
        public Callers callers() {
            return Callers.CONTROLLERS;
        }

        @Override
        public StreamListener accept(AgentStream stream, byte[] request) {
            return new StreamListener() {
                @Override
                public void onMessage(byte[] message) {}

                @Override
                public void onEnd() {}

                @Override
                public void onFailure(FactoryException reason) {}
            };
        }
    }
}
