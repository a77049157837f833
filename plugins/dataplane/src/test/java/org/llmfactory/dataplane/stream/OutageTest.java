package org.llmfactory.dataplane.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.llmfactory.dataplane.testing.TestAgents.CONTROLLER;
import static org.llmfactory.dataplane.testing.TestAgents.DEADLINE;
import static org.llmfactory.dataplane.testing.TestAgents.NODE;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Lane;
import org.llmfactory.dataplane.frame.Direction;
import org.llmfactory.dataplane.frame.FrameHeader;
import org.llmfactory.dataplane.frame.FrameType;
import org.llmfactory.dataplane.frame.StreamId;
import org.llmfactory.dataplane.testing.RecordingListener;
import org.llmfactory.dataplane.testing.ScriptedService;
import org.llmfactory.dataplane.testing.TestAgents;
import org.llmfactory.messaging.testing.InMemoryNetwork.Frame;

@Timeout(60)
class OutageTest {
    private static final Duration LIVE = Duration.ofMillis(900);
    private static final Duration DATA = Duration.ofSeconds(6);

    private final TestAgents agents =
            new TestAgents(new StreamLimits(100, 100, 1 << 20, 8 << 20, DATA, LIVE, 1 << 20, Duration.ofHours(1)));
    private final RecordingListener here = new RecordingListener();
    private final RecordingListener there = new RecordingListener();

    @AfterEach
    void stop() {
        agents.close();
    }

    @Test
    void aStreamGoesOnAfterTheLinkWasGoneForAWhile() throws Exception {
        agents.agent(NODE).offer(ScriptedService.heardBy("sink", there));
        AgentStream stream = agents.open(CONTROLLER, NODE, "sink", here);
        stream.send("before".getBytes(UTF_8));
        agents.network.cut(NODE);
        int sent = 1;
        while (stream.awaitWritable(Duration.ofSeconds(2))) {
            stream.send(new byte[50_000]);
            sent++;
        }

        agents.network.heal(NODE);
        stream.send("after".getBytes(UTF_8));
        stream.finish();

        there.awaitEnd();
        assertThat(there.messages).hasSize(sent + 1);
        assertThat(there.texts().get(sent)).isEqualTo("after");
        assertThat(here.failures).hasValue(0);
    }

    @Test
    void bothEndsOfAStreamFailOnceWhenTheLinkStaysAway() throws Exception {
        ScriptedService service = agents.agent(NODE).offer(ScriptedService.heardBy("beat", there));
        AgentStream stream =
                agents.agent(CONTROLLER).plane().open(NODE, "beat", Lane.LIVE, new byte[0], here, DEADLINE);
        service.taken();
        long began = System.nanoTime();

        agents.network.cut(NODE);

        assertThat(here.awaitFailure().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(there.awaitFailure().code()).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(LIVE, LIVE.multipliedBy(5));
        assertThatThrownBy(() -> stream.awaitWritable(DEADLINE)).hasMessageContaining("silent");
        agents.network.heal(NODE);
        await().untilAsserted(() -> {
            assertThat(agents.agent(CONTROLLER).known()).isZero();
            assertThat(agents.agent(NODE).known()).isZero();
        });
        assertThat(here.failures).hasValue(1);
        assertThat(there.failures).hasValue(1);
    }

    @Test
    void anIdleStreamStaysOpen() throws Exception {
        agents.agent(NODE).offer(ScriptedService.echo());
        AgentStream stream =
                agents.agent(CONTROLLER).plane().open(NODE, "echo", Lane.LIVE, new byte[0], here, DEADLINE);

        await().during(LIVE.multipliedBy(3)).atMost(DEADLINE).until(() -> here.failures.get() == 0);

        stream.send("still here".getBytes(UTF_8));
        stream.finish();
        assertThat(here.awaitEnd().texts()).containsExactly("still here");
    }

    @Test
    void aStreamToARestartedAgentFailsAtOnce() throws Exception {
        agents.agent(NODE).offer(ScriptedService.heardBy("sink", there));
        AgentStream stream = agents.open(CONTROLLER, NODE, "sink", here);
        long began = System.nanoTime();

        agents.restart(NODE);
        stream.send("is anybody there?".getBytes(UTF_8));

        FactoryException reason = here.awaitFailure();
        assertThat(reason.code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(reason).hasMessageContaining("restarted");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(DATA.dividedBy(2));
        assertThat(here.failures).hasValue(1);
    }

    @Test
    void whatAnyoneMaySayOfAnUnknownStreamEndsNone() throws Exception {
        agents.agent(NODE).offer(ScriptedService.echo());
        AgentStream stream = agents.open(CONTROLLER, NODE, "echo", here);
        long high = Long.parseUnsignedLong(stream.id().substring(0, 16), 16);
        long low = Long.parseUnsignedLong(stream.id().substring(16), 16);
        FrameHeader ping = new FrameHeader(FrameType.PING, Direction.FROM_OPENER, new StreamId(high, low), 0, 0);

        for (int index = 0; index < 10; index++) {
            agents.network.inject(new Frame(Lane.DATA, NODE, CONTROLLER, FrameHeader.unknown(ping)), DEADLINE);
        }

        stream.send("alive".getBytes(UTF_8));
        stream.finish();
        assertThat(here.awaitEnd().texts()).containsExactly("alive");
    }

    @Test
    void anAcceptedStreamWhoseOpenerNeverHeardOfItFails() throws Exception {
        StreamAcceptorProbe probe = new StreamAcceptorProbe(agents, there);

        probe.openWithoutAnOpener(CONTROLLER, NODE);

        assertThat(there.awaitFailure().code()).isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void aCancelIsHeardAfterTheLinkWasGone() throws Exception {
        agents.agent(NODE).offer(ScriptedService.heardBy("sink", there));
        AgentStream stream = agents.open(CONTROLLER, NODE, "sink", here);
        agents.network.cut(NODE);
        stream.cancel("Not needed.");
        agents.network.heal(NODE);

        assertThat(there.awaitFailure()).hasMessage("Not needed.");
        await().untilAsserted(() -> assertThat(agents.agent(CONTROLLER).known()).isZero());
    }
}
