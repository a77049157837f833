package org.llmfactory.dataplane.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.llmfactory.dataplane.testing.TestAgents.CONTROLLER;
import static org.llmfactory.dataplane.testing.TestAgents.DEADLINE;
import static org.llmfactory.dataplane.testing.TestAgents.NODE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Lane;
import org.llmfactory.dataplane.testing.RecordingListener;
import org.llmfactory.dataplane.testing.ScriptedService;
import org.llmfactory.dataplane.testing.TestAgents;

class StreamTest {
    private final TestAgents agents = new TestAgents();
    private final RecordingListener here = new RecordingListener();
    private final RecordingListener there = new RecordingListener();

    @AfterEach
    void stop() {
        agents.close();
    }

    @Test
    void messagesArriveInOrderAndThenTheEnd() throws Exception {
        ScriptedService service = agents.agent(NODE).offer(ScriptedService.heardBy("texts", there));
        AgentStream stream = agents.open(CONTROLLER, NODE, "texts", here);

        for (int index = 0; index < 1000; index++) {
            stream.send(Integer.toString(index).getBytes(UTF_8));
        }
        stream.finish();

        there.awaitEnd();
        assertThat(there.texts()).hasSize(1000).startsWith("0", "1").endsWith("998", "999");
        assertThat(service.taken().id()).isEqualTo(stream.id());
        assertThat(stream.peer()).isEqualTo(NODE);
    }

    @Test
    void aServiceMaySendBeforeItsOpenerHasTheStream() throws Exception {
        agents.agent(NODE).offer(new ScriptedService("greeting", Callers.NETWORK, (stream, request) -> {
            stream.send("hello ".getBytes(UTF_8));
            stream.send(request);
            stream.finish();
            return there;
        }));

        agents.agent(CONTROLLER).plane().open(NODE, "greeting", Lane.LIVE, "you".getBytes(UTF_8), here, DEADLINE);

        assertThat(here.awaitEnd().texts()).containsExactly("hello ", "you");
    }

    @Test
    void oneDirectionGoesOnAfterTheOtherHasEnded() throws Exception {
        ScriptedService service = agents.agent(NODE).offer(ScriptedService.heardBy("halves", there));
        AgentStream stream = agents.open(CONTROLLER, NODE, "halves", here);

        stream.send("question".getBytes(UTF_8));
        stream.finish();
        there.awaitEnd();
        service.taken().send("answer".getBytes(UTF_8));

        await().untilAsserted(() -> assertThat(here.texts()).containsExactly("answer"));
        assertThatThrownBy(() -> stream.send(new byte[1]))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
    }

    @Test
    void aStreamThatHasEndedOnBothSidesIsForgottenAtOnce() throws Exception {
        agents.agent(NODE).offer(ScriptedService.echo());
        for (int round = 0; round < 20; round++) {
            RecordingListener listener = new RecordingListener();
            AgentStream stream = agents.open(CONTROLLER, NODE, "echo", listener);
            stream.send(new byte[] {1});
            stream.finish();
            listener.awaitEnd();
        }

        await().atMost(Duration.ofSeconds(2)).untilAsserted(() -> {
            assertThat(agents.agent(CONTROLLER).meters.open()).isZero();
            assertThat(agents.agent(NODE).meters.open()).isZero();
            assertThat(agents.agent(NODE).known()).isZero();
            assertThat(agents.agent(CONTROLLER).known()).isZero();
        });
    }

    @Test
    void whoeverCancelsHearsNothingMoreAndTheOtherEndHearsWhy() throws Exception {
        ScriptedService service = agents.agent(NODE).offer(ScriptedService.heardBy("long", there));
        AgentStream stream = agents.open(CONTROLLER, NODE, "long", here);
        AgentStream other = service.taken();

        stream.cancel("The caller has gone.");

        FactoryException reason = there.awaitFailure();
        assertThat(reason).hasMessage("The caller has gone.");
        assertThat(reason.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThatThrownBy(() -> other.send(new byte[1])).isInstanceOf(FactoryException.class);
        assertThatThrownBy(() -> other.awaitWritable(DEADLINE)).hasMessage("The caller has gone.");
        other.cancel("So it is.");
        await().untilAsserted(
                        () -> assertThat(agents.agent(CONTROLLER).meters.open()).isZero());
        assertThat(here.failures).hasValue(0);
        assertThat(there.failures).hasValue(1);
        assertThat(agents.agent(CONTROLLER).known()).isZero();
    }

    @Test
    void theAcceptorMayCancelToo() throws Exception {
        ScriptedService service = agents.agent(NODE).offer(ScriptedService.heardBy("long", there));
        agents.open(CONTROLLER, NODE, "long", here);

        service.taken().cancel("No more.");

        assertThat(here.awaitFailure()).hasMessage("No more.");
        assertThat(there.failures).hasValue(0);
    }

    @Test
    void aListenerThatFailsEndsItsStreamForBoth() throws Exception {
        agents.agent(NODE).offer(ScriptedService.heardBy("broken", new RecordingListener() {
            @Override
            public void onMessage(byte[] message) {
                throw new IllegalStateException("broken");
            }
        }));
        AgentStream stream = agents.open(CONTROLLER, NODE, "broken", here);

        stream.send(new byte[1]);

        assertThat(here.awaitFailure().code()).isEqualTo(ErrorCode.INTERNAL);
    }

    @Test
    void twoHundredStreamsAtOnceKeepTheirMessagesApart() throws Exception {
        agents.agent(NODE).offer(ScriptedService.echo());
        List<RecordingListener> listeners = new ArrayList<>();
        List<AgentStream> streams = new ArrayList<>();
        for (int index = 0; index < 200; index++) {
            RecordingListener listener = new RecordingListener();
            listeners.add(listener);
            streams.add(agents.open(CONTROLLER, NODE, "echo", listener));
        }
        for (int round = 0; round < 50; round++) {
            for (int index = 0; index < 200; index++) {
                streams.get(index).send((index + ":" + round).getBytes(UTF_8));
            }
        }
        streams.forEach(AgentStream::finish);

        for (int index = 0; index < 200; index++) {
            List<String> texts = listeners.get(index).awaitEnd().texts();
            String prefix = index + ":";
            assertThat(texts)
                    .hasSize(50)
                    .allMatch(text -> text.startsWith(prefix))
                    .endsWith(prefix + "49");
        }
    }

    @Test
    void aStreamToOneselfIsLikeAnyOther() throws Exception {
        agents.agent(NODE).offer(ScriptedService.echo());
        AgentStream stream = agents.open(NODE, NODE, "echo", here);

        stream.send("me".getBytes(UTF_8));
        stream.finish();

        assertThat(here.awaitEnd().texts()).containsExactly("me");
    }

    @Test
    void anAgentThatStopsTellsTheOtherEnds() throws Exception {
        agents.agent(NODE).offer(ScriptedService.heardBy("long", there));
        agents.open(CONTROLLER, NODE, "long", here);

        agents.agent(NODE).stop();

        assertThat(here.awaitFailure()).hasMessageContaining("about to stop");
    }

    @Test
    void aSlowListenerHoldsUpOnlyItsOwnStreamAndItsSenderKnows() throws Exception {
        CompletableFuture<Boolean> go = new CompletableFuture<>();
        RecordingListener slow = new RecordingListener() {
            @Override
            public void onMessage(byte[] message) {
                go.join();
                super.onMessage(message);
            }
        };
        agents.agent(NODE).offer(ScriptedService.heardBy("slow", slow));
        agents.agent(NODE).offer(ScriptedService.echo());
        AgentStream stream = agents.open(CONTROLLER, NODE, "slow", here);
        RecordingListener quick = new RecordingListener();
        AgentStream other = agents.open(CONTROLLER, NODE, "echo", quick);

        int sent = 0;
        while (stream.awaitWritable(Duration.ofMillis(300))) {
            stream.send(new byte[AgentStream.MAXIMUM_MESSAGE]);
            sent++;
        }
        other.send("quick".getBytes(UTF_8));
        other.finish();

        assertThat(sent * AgentStream.MAXIMUM_MESSAGE).isBetween(1 << 20, 2 << 20);
        assertThat(quick.awaitEnd().texts()).containsExactly("quick");
        assertThat(agents.agent(NODE).meters.bytesReceived()).isLessThanOrEqualTo((1 << 20) + 5);
        go.complete(true);
        stream.finish();
        assertThat(slow.awaitEnd().messages).hasSize(sent);
    }

    @Test
    void whoeverSendsWithoutAskingFailsInsteadOfFillingTheMemory() throws Exception {
        CompletableFuture<Boolean> go = new CompletableFuture<>();
        agents.agent(NODE).offer(ScriptedService.heardBy("slow", new RecordingListener() {
            @Override
            public void onMessage(byte[] message) {
                go.join();
            }
        }));
        AgentStream stream = agents.open(CONTROLLER, NODE, "slow", here);

        assertThatThrownBy(() -> {
                    for (int index = 0; index < 200; index++) {
                        stream.send(new byte[AgentStream.MAXIMUM_MESSAGE]);
                    }
                })
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        assertThat(here.awaitFailure().code()).isEqualTo(ErrorCode.OVERLOADED);
        go.complete(true);
    }

    @Test
    void keysAreRenewedUnnoticed() throws Exception {
        try (TestAgents renewing = new TestAgents(
                new StreamLimits(100, 100, 1 << 20, 8 << 20, DEADLINE, DEADLINE, 7, Duration.ofHours(1)))) {
            renewing.agent(NODE).offer(ScriptedService.echo());
            AgentStream stream = renewing.open(CONTROLLER, NODE, "echo", here);
            for (int index = 0; index < 2000; index++) {
                stream.send(Integer.toString(index).getBytes(UTF_8));
                assertThat(stream.awaitWritable(DEADLINE)).isTrue();
            }
            stream.finish();
            assertThat(here.awaitEnd().texts()).hasSize(2000).endsWith("1998", "1999");
        }
    }
}
