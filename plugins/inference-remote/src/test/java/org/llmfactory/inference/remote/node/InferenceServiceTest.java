package org.llmfactory.inference.remote.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.inference.remote.testing.TestNetwork;
import org.llmfactory.inference.remote.testing.TestNode;
import org.llmfactory.inference.remote.wire.Event;
import org.llmfactory.inference.remote.wire.EventReader;
import org.llmfactory.inference.remote.wire.Protocol;
import org.llmfactory.inference.remote.wire.RemoteRequest;
import org.llmfactory.inference.remote.wire.RequestWriter;

/** The half of a node, spoken to in bytes. */
final class InferenceServiceTest {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");

    @TempDir
    private Path folder;

    private TestNetwork network;
    private TestNode node;

    @BeforeEach
    void start() {
        network = new TestNetwork(folder);
        node = network.node(NODE.toString(), request -> Script.of(1, 2, 3));
        network.files().offer(TestNetwork.CONTROLLER, new ControllersAdapters(network.registry()));
    }

    @AfterEach
    void stop() {
        network.close();
    }

    @Test
    void tokensComeAsTheyAreGeneratedAndTheUsageWithTheEnd() throws InterruptedException {
        node.engine().stepByStep();
        Conversation conversation = open(request());

        for (int token = 1; token <= 3; token++) {
            node.engine().allow(1);
            int expected = token;
            soon().until(() -> conversation.tokens().size() == expected);
        }
        node.engine().allow(1);
        conversation.awaitEnd();

        assertThat(conversation.tokens()).containsExactly(1, 2, 3);
        Event.Finish end = (Event.Finish) conversation.last();
        assertThat(end.reason()).isEqualTo(FinishReason.STOP);
        assertThat(end.usage().promptTokens()).isEqualTo(2);
        assertThat(end.usage().completionTokens()).isEqualTo(3);
        soon().until(conversation::isFinished);
    }

    @Test
    void theEngineGetsAllOfTheRequestAndWhatIsLeftOfItsTime() throws InterruptedException {
        open(request()).awaitEnd();

        GenerationRequest taken = node.engine().requests().get(0);
        assertThat(taken.tenant()).isEqualTo("proj_a");
        assertThat(taken.prompt()).containsExactly(72, 105);
        assertThat(taken.deadline()).isLessThanOrEqualTo(Duration.ofMinutes(1)).isPositive();
    }

    @Test
    void aControllerThatHangsUpEndsTheGeneration() throws InterruptedException {
        node.engine().stepByStep();
        Conversation conversation = open(request());
        soon().until(() -> node.engine().status().running() == 1);

        conversation.stream.cancel("Enough.");

        soon().until(() -> node.engine().status().running() == 0);
        assertThat(node.service().drain(Duration.ofSeconds(5))).isTrue();
    }

    @Test
    void aControllerThatIsNotWaitingAnyMoreHearsWhatItCost() throws InterruptedException {
        node.engine().stepByStep();
        Conversation conversation = open(request());
        node.engine().allow(1);
        soon().until(() -> conversation.tokens().size() == 1);

        conversation.stream.send(Protocol.cancellation());
        conversation.awaitEnd();

        Event.Finish end = (Event.Finish) conversation.last();
        assertThat(end.reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(end.usage().completionTokens()).isEqualTo(1);
    }

    @Test
    void whoIsNoControllerMayNotGenerateHere() {
        assertThatThrownBy(() -> open(AgentAddress.parse("shared/node-2"), NODE, request()))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
        assertThat(node.engine().requests()).isEmpty();
    }

    @Test
    void aProjectsNodeWorksForItsProjectAlone() throws InterruptedException {
        TestNode own = network.node("proj_a/node-1", request -> Script.of(1));
        TestNode other = network.node("proj_b/node-1", request -> Script.of(1));

        assertThatThrownBy(() -> open(TestNetwork.CONTROLLER, other.address(), request()))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
        assertThat(other.engine().requests()).isEmpty();

        open(TestNetwork.CONTROLLER, own.address(), request()).awaitEnd();
        assertThat(own.engine().requests()).hasSize(1);
    }

    @Test
    void aModelWithOtherWeightsIsNotServedHere() throws InterruptedException {
        Conversation conversation = open(new RemoteRequest(
                "base", "c".repeat(64), TestNetwork.request("proj_a", Duration.ofMinutes(1)), Map.of()));
        conversation.awaitEnd();

        assertThat(conversation.failure().code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(conversation.failure().retryAfter()).isPresent();
    }

    @Test
    void nothingIsTakenWhileItIsDrainedAndEverythingAfterwards() throws InterruptedException {
        node.engine().stepByStep();
        Conversation running = open(request());
        assertThat(node.service().drain(Duration.ofMillis(10))).isFalse();

        assertThatThrownBy(() -> open(request()))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED));
        node.engine().allow(10);
        running.awaitEnd();
        assertThat(node.service().drain(Duration.ofSeconds(5))).isTrue();

        node.service().resume();
        open(request()).awaitEnd();
    }

    @Test
    void whenTheServiceStopsItsGenerationsEnd() {
        node.engine().stepByStep();
        Conversation conversation = open(request());

        node.service().stop();

        soon().until(() -> conversation.lost() != null);
        soon().until(() -> node.engine().status().running() == 0);
    }

    @Test
    void aMissingAdapterIsFetchedOnceForAllWhoNeedIt() throws InterruptedException {
        AdapterInfo adapter = network.adapter("pirate", "proj_a", Visibility.PROJECT);
        CountDownLatch gate = new CountDownLatch(1);
        network.files().onTheWay(content -> {
            await(gate);
            return content;
        });
        List<Conversation> waiting = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waiting.add(open(request(adapter)));
        }

        Conversation without = open(request());
        without.awaitEnd();
        assertThat(without.tokens()).containsExactly(1, 2, 3);
        assertThat(node.engine().requests()).hasSize(1);
        gate.countDown();
        for (Conversation conversation : waiting) {
            conversation.awaitEnd();
            assertThat(conversation.tokens()).containsExactly(1, 2, 3);
            assertThat(((Event.Finish) conversation.last()).usage().adapterLoadTime())
                    .isPositive();
        }
        open(request(adapter)).awaitEnd();

        assertThat(network.files().fetched()).hasSize(2);
        assertThat(node.registry().find(adapter.digest())).singleElement().satisfies(here -> {
            assertThat(here.project()).isEqualTo("proj_a");
            assertThat(here.visibility()).isEqualTo(Visibility.PRIVATE);
            assertThat(here.owner()).isEqualTo("admin");
        });
    }

    @Test
    void anAdapterThatChangesOnTheWayIsRefusedAndForgotten() throws InterruptedException {
        AdapterInfo adapter = network.adapter("pirate", "proj_a", Visibility.PROJECT);
        network.files().onTheWay(content -> new byte[] {1, 2, 3});

        Conversation conversation = open(request(adapter));
        conversation.awaitEnd();

        assertThat(conversation.failure().code()).isEqualTo(ErrorCode.INVALID_FILE);
        assertThat(node.registry().list()).isEmpty();
        network.files().onTheWay(content -> content);
        Conversation again = open(request(adapter));
        again.awaitEnd();
        assertThat(again.tokens()).containsExactly(1, 2, 3);
    }

    @Test
    void anAdapterThatDoesNotComeInTimeFailsItsRequestsAlone() throws InterruptedException {
        AdapterInfo adapter = network.adapter("pirate", "proj_a", Visibility.PROJECT);
        CountDownLatch gate = new CountDownLatch(1);
        network.files().onTheWay(content -> {
            await(gate);
            return content;
        });
        GenerationRequest hurried =
                TestNetwork.request("proj_a", Duration.ofMillis(100), new AdapterWeight(adapter.digest(), 1));

        Conversation conversation = open(new RemoteRequest("base", TestNetwork.MODEL.digest(), hurried, Map.of()));
        conversation.awaitEnd();

        assertThat(conversation.failure().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        gate.countDown();
    }

    @Test
    void anAdapterThatTheControllerDoesNotHaveIsUnknown() throws InterruptedException {
        GenerationRequest request =
                TestNetwork.request("proj_a", Duration.ofMinutes(1), new AdapterWeight("0".repeat(64), 1));

        Conversation conversation = open(new RemoteRequest("base", TestNetwork.MODEL.digest(), request, Map.of()));
        conversation.awaitEnd();

        assertThat(conversation.failure().code()).isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    }

    @Test
    void whoHangsUpWhileAnAdapterComesIsNotAnswered() throws InterruptedException {
        AdapterInfo adapter = network.adapter("pirate", "proj_a", Visibility.PROJECT);
        CountDownLatch gate = new CountDownLatch(1);
        network.files().onTheWay(content -> {
            await(gate);
            return content;
        });
        Conversation conversation = open(request(adapter));
        conversation.stream.send(Protocol.cancellation());
        Conversation witness = open(request());
        witness.awaitEnd();
        soon().until(() -> network.files().fetched().size() == 1);
        gate.countDown();
        conversation.awaitEnd();

        assertThat(((Event.Finish) conversation.last()).reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(node.engine().requests()).hasSize(1);
    }

    private static void await(CountDownLatch gate) {
        try {
            assertThat(gate.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static RemoteRequest request() {
        return new RemoteRequest(
                "base", TestNetwork.MODEL.digest(), TestNetwork.request("proj_a", Duration.ofMinutes(1)), Map.of());
    }

    private static RemoteRequest request(AdapterInfo adapter) {
        return new RemoteRequest(
                "base",
                TestNetwork.MODEL.digest(),
                TestNetwork.request("proj_a", Duration.ofMinutes(1), new AdapterWeight(adapter.digest(), 1)),
                Map.of(adapter.digest(), adapter.project()));
    }

    private Conversation open(RemoteRequest request) {
        return open(TestNetwork.CONTROLLER, NODE, request);
    }

    private Conversation open(AgentAddress from, AgentAddress to, RemoteRequest request) {
        Conversation conversation = new Conversation();
        List<byte[]> words = RequestWriter.write(request);
        try {
            conversation.stream = network.plane()
                    .of(from)
                    .open(to, Protocol.SERVICE, Lane.DATA, words.get(0), conversation, TestNetwork.SOON);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return conversation;
    }

    private static ConditionFactory soon() {
        return Awaitility.await().atMost(TestNetwork.SOON);
    }

    /** What a controller hears. */
    private static final class Conversation implements StreamListener {
        private final EventReader reader = new EventReader(2);
        private final List<Event> events = new ArrayList<>();
        private AgentStream stream;
        private boolean finished;
        private FactoryException lost;

        @Override
        public synchronized void onMessage(byte[] message) {
            try {
                reader.read(message, events::add);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public synchronized void onEnd() {
            finished = true;
        }

        @Override
        public synchronized void onFailure(FactoryException reason) {
            lost = reason;
        }

        synchronized boolean isFinished() {
            return finished;
        }

        synchronized FactoryException lost() {
            return lost;
        }

        synchronized List<Integer> tokens() {
            return events.stream()
                    .filter(Event.Token.class::isInstance)
                    .map(event -> ((Event.Token) event).token().id())
                    .toList();
        }

        synchronized Event last() {
            return events.get(events.size() - 1);
        }

        FactoryException failure() {
            return ((Event.Failure) last()).failure();
        }

        synchronized boolean isEnded() {
            return !events.isEmpty() && last().isEnd();
        }

        void awaitEnd() {
            soon().until(this::isEnded);
        }
    }
}
