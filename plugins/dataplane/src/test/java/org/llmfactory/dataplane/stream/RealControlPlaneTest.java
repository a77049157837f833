package org.llmfactory.dataplane.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.llmfactory.dataplane.testing.TestAgents.CONTROLLER;
import static org.llmfactory.dataplane.testing.TestAgents.DEADLINE;
import static org.llmfactory.dataplane.testing.TestAgents.NODE;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAction;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.StreamService;
import org.llmfactory.dataplane.testing.RecordingListener;
import org.llmfactory.dataplane.testing.ScriptedService;
import org.llmfactory.messaging.testing.InMemoryNetwork;
import org.llmfactory.messaging.testing.NetworkedAgent;
import org.llmfactory.messaging.testing.TestAuthority;

/** Streams whose handshake goes through the control plane that agents really have. */
@Timeout(60)
class RealControlPlaneTest {
    private static final int REQUEST = StreamOpener.MAXIMUM_REQUEST;

    private final InMemoryNetwork network = new InMemoryNetwork();
    private final TestAuthority authority = TestAuthority.root();
    private final List<AutoCloseable> running = new ArrayList<>();

    @TempDir
    Path home;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : running) {
            each.close();
        }
        network.close();
    }

    @Test
    void aStreamIsOpenedWithALargeRequestAndARestartIsNoticed() throws Exception {
        StreamService service = new ScriptedService("size", Callers.NETWORK, (stream, request) -> {
            stream.send(Integer.toString(request.length).getBytes(UTF_8));
            return new RecordingListener();
        });
        NetworkedAgent node = join(NODE);
        Offered former = offer(node, service);
        StreamEngine controller = engine(join(CONTROLLER), service);
        RecordingListener here = new RecordingListener();
        AgentStream stream = controller.dataPlane().open(NODE, "size", Lane.DATA, new byte[REQUEST], here, DEADLINE);
        await().untilAsserted(() -> assertThat(here.texts()).containsExactly(Integer.toString(REQUEST)));

        network.cut(NODE);
        former.actions().forEach(node::withdraw);
        former.engine().close();
        engine(node, service);
        network.heal(NODE);
        stream.send(new byte[1]);

        assertThat(here.awaitFailure().code()).isEqualTo(ErrorCode.OVERLOADED);
    }

    @Test
    void aRefusalComesThroughUnderItsCode() throws Exception {
        StreamService service = new ScriptedService("size", Callers.CONTROLLERS, (stream, request) -> {
            throw new FactoryException(ErrorCode.QUOTA_EXCEEDED, "Enough for today.");
        });
        engine(join(NODE), service);
        StreamEngine controller = engine(join(CONTROLLER), service);

        assertThatThrownBy(() -> controller
                        .dataPlane()
                        .open(NODE, "size", Lane.DATA, new byte[0], new RecordingListener(), DEADLINE))
                .hasMessage("Enough for today.")
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED));
    }

    private NetworkedAgent join(AgentAddress address) {
        NetworkedAgent agent = NetworkedAgent.join(network, authority, address, home.resolve(address.name()));
        running.add(0, agent);
        return agent;
    }

    private StreamEngine engine(NetworkedAgent agent, StreamService service) {
        return offer(agent, service).engine();
    }

    /** An engine, and what it offers other agents. */
    private record Offered(StreamEngine engine, List<AgentAction<?, ?>> actions) {}

    private Offered offer(NetworkedAgent agent, StreamService service) {
        StreamEngine engine = new StreamEngine(
                agent.self(),
                agent.link(),
                agent.controlPlane(),
                name -> Optional.of(service).filter(each -> each.name().equals(name)),
                StreamLimits.DEFAULT,
                new StreamMeters());
        running.add(0, engine);
        List<AgentAction<?, ?>> actions = engine.actions();
        actions.forEach(agent::offer);
        return new Offered(engine, actions);
    }
}
