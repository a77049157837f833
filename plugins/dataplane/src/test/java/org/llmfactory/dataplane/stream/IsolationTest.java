package org.llmfactory.dataplane.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.llmfactory.dataplane.testing.TestAgents.CONTROLLER;
import static org.llmfactory.dataplane.testing.TestAgents.DEADLINE;
import static org.llmfactory.dataplane.testing.TestAgents.NODE;
import static org.llmfactory.dataplane.testing.TestAgents.NODE_OF_A;
import static org.llmfactory.dataplane.testing.TestAgents.NODE_OF_B;
import static org.llmfactory.dataplane.testing.TestAgents.OTHER_NODE;

import java.time.Duration;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Lane;
import org.llmfactory.dataplane.frame.StreamId;
import org.llmfactory.dataplane.testing.HostileRelay;
import org.llmfactory.dataplane.testing.RecordingListener;
import org.llmfactory.dataplane.testing.ScriptedService;
import org.llmfactory.dataplane.testing.TestAgents;
import org.llmfactory.messaging.testing.InMemoryNetwork.Frame;

class IsolationTest {
    private final TestAgents agents =
            new TestAgents(new StreamLimits(5, 3, 1 << 20, 8 << 20, DEADLINE, DEADLINE, 1 << 20, Duration.ofHours(1)));
    private final RecordingListener here = new RecordingListener();
    private final RecordingListener there = new RecordingListener();

    @AfterEach
    void stop() {
        agents.close();
    }

    @Test
    void anAgentOfOneTenantOpensNothingToAnAgentOfAnother() {
        agents.agent(NODE_OF_B).offer(ScriptedService.echo());

        refused(ErrorCode.PERMISSION_DENIED, () -> agents.open(NODE_OF_A, NODE_OF_B, "echo", here));
    }

    @Test
    void theAgentThatIsAskedDecidesForItself() {
        agents.agent(NODE_OF_B).offer(ScriptedService.heardBy("probe", there));

        refused(ErrorCode.NOT_FOUND, () -> agents.agent(NODE_OF_B).ask(NODE_OF_A, StreamAcceptorProbe.arguments(1)));
    }

    @Test
    void aServiceIsForWhomItSays() throws Exception {
        agents.agent(NODE).offer(new ScriptedService("private", Callers.CONTROLLERS, (stream, request) -> there));
        agents.agent(NODE).offer(new ScriptedService("family", Callers.TENANT, (stream, request) -> there));

        refused(ErrorCode.PERMISSION_DENIED, () -> agents.open(OTHER_NODE, NODE, "private", here));
        assertThat(agents.open(OTHER_NODE, NODE, "family", here)).isNotNull();
        assertThat(agents.open(CONTROLLER, NODE, "private", here)).isNotNull();
    }

    @Test
    void anUnknownServiceAndARefusalAreTold() {
        agents.agent(NODE).offer(new ScriptedService("picky", Callers.NETWORK, (stream, request) -> {
            throw new FactoryException(ErrorCode.QUOTA_EXCEEDED, "Enough for today.");
        }));

        refused(ErrorCode.NOT_FOUND, () -> agents.open(CONTROLLER, NODE, "nothing", here));
        refused(ErrorCode.QUOTA_EXCEEDED, () -> agents.open(CONTROLLER, NODE, "picky", here));
        assertThat(agents.agent(NODE).known()).isZero();
        assertThat(agents.agent(CONTROLLER).known()).isZero();
        await().untilAsserted(() -> assertThat(agents.agent(NODE).meters.open()).isZero());
    }

    @Test
    void anAgentThatDoesNotAnswerIsWaitedForUntilTheDeadlineOnly() {
        agents.control.cut(NODE);

        refused(
                ErrorCode.DEADLINE_EXCEEDED,
                () -> agents.agent(CONTROLLER)
                        .plane()
                        .open(NODE, "echo", Lane.DATA, new byte[0], here, Duration.ofMillis(200)));
        assertThat(agents.agent(CONTROLLER).known()).isZero();
    }

    @Test
    void streamsAreBoundedForOneAgentAndForAll() throws Exception {
        agents.agent(NODE).offer(ScriptedService.echo());
        agents.agent(OTHER_NODE).offer(ScriptedService.echo());
        AgentStream first = agents.open(CONTROLLER, NODE, "echo", here);
        agents.open(CONTROLLER, NODE, "echo", here);
        agents.open(CONTROLLER, NODE, "echo", here);

        refused(ErrorCode.OVERLOADED, () -> agents.open(CONTROLLER, NODE, "echo", here));
        agents.open(CONTROLLER, OTHER_NODE, "echo", here);
        agents.open(CONTROLLER, OTHER_NODE, "echo", here);
        refused(ErrorCode.OVERLOADED, () -> agents.open(CONTROLLER, OTHER_NODE, "echo", here));

        first.cancel("Makes room.");
        await().untilAsserted(() ->
                assertThat(agents.open(CONTROLLER, NODE, "echo", here)).isNotNull());
    }

    @Test
    void aRepeatedRequestGetsTheSameAnswerAndOneStream() throws Exception {
        StreamAcceptorProbe probe = new StreamAcceptorProbe(agents, there);
        OpenResult first = probe.openWithoutAnOpener(CONTROLLER, NODE);

        OpenResult second = probe.open(CONTROLLER, NODE, StreamAcceptorProbe.arguments(1));

        assertThat(second.random()).isEqualTo(first.random());
        assertThat(agents.agent(NODE).known()).isEqualTo(1);
        OpenArguments other = StreamAcceptorProbe.arguments(1);
        other.random()[5] = 1;
        assertThatThrownBy(() -> probe.open(CONTROLLER, NODE, other)).hasMessageContaining("already");
        assertThatThrownBy(() -> probe.open(OTHER_NODE, NODE, StreamAcceptorProbe.arguments(1)))
                .hasMessageContaining("already");
    }

    @Test
    void onlyThePeerOfAStreamIsToldThatItIsKnown() throws Exception {
        agents.agent(NODE).offer(ScriptedService.echo());
        AgentStream stream = agents.open(CONTROLLER, NODE, "echo", here);
        byte[] id = HexFormat.of().parseHex(stream.id());

        assertThat(known(CONTROLLER, id)).isTrue();
        assertThat(known(OTHER_NODE, id)).isFalse();
        assertThat(known(CONTROLLER, new byte[StreamId.LENGTH])).isFalse();
    }

    @Test
    void framesOfOneStreamDoNotOpenOnAnother() throws Exception {
        HostileRelay relay = new HostileRelay(1);
        agents.network.intercept(relay);
        agents.agent(NODE).offer(ScriptedService.heardBy("sink", there));
        agents.agent(NODE).offer(ScriptedService.echo());
        AgentStream stream = agents.open(CONTROLLER, NODE, "sink", here);
        AgentStream attacker = agents.open(OTHER_NODE, NODE, "echo", here);
        attacker.send("planted".getBytes(UTF_8));
        await().until(() -> here.messages.size() == 1);

        byte[] id = HexFormat.of().parseHex(stream.id());
        for (Frame frame : relay.seen()) {
            byte[] content = frame.content().clone();
            System.arraycopy(id, 0, content, 3, id.length);
            agents.network.inject(new Frame(Lane.DATA, OTHER_NODE, NODE, content), DEADLINE);
        }
        stream.send("true".getBytes(UTF_8));
        stream.finish();

        assertThat(there.awaitEnd().texts()).containsExactly("true");
    }

    private boolean known(AgentAddress caller, byte[] stream) throws Exception {
        return agents.control
                .of(caller)
                .call(NODE, KnownAction.NAME, new KnownArguments(stream, true), KnownResult.class, DEADLINE)
                .get()
                .known();
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
