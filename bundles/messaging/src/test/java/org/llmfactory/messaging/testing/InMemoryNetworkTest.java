package org.llmfactory.messaging.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.link.Link;

class InMemoryNetworkTest {
    private static final AgentAddress CONTROLLER = AgentAddress.parse("platform/central");
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");
    private static final AgentAddress STRANGER = AgentAddress.parse("project-b/node-1");
    private static final Duration LONG = Duration.ofSeconds(30);

    private final InMemoryNetwork network = new InMemoryNetwork();
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        network.close();
    }

    @Test
    void whatOneSendsTheOtherHearsInOrder() throws InterruptedException {
        listen(NODE, Lane.DATA);
        Link link = network.link(CONTROLLER);
        for (int i = 0; i < 100; i++) {
            link.send(Lane.DATA, NODE, bytes("m" + i), LONG);
        }
        await().until(() -> heard.size() == 100);
        assertThat(heard).startsWith("m0", "m1").endsWith("m99");
    }

    @Test
    void callsWaitForAnAgentThatIsAwayAndDataIsLost() throws InterruptedException {
        network.cut(NODE);
        listen(NODE, Lane.CONTROL);
        listen(NODE, Lane.DATA);
        network.link(NODE).onUp(Lane.DATA, () -> heard.add("up"));
        network.link(CONTROLLER).send(Lane.CONTROL, NODE, bytes("call"), LONG);
        network.link(CONTROLLER).send(Lane.CONTROL, NODE, bytes("late"), Duration.ZERO);
        network.link(CONTROLLER).send(Lane.DATA, NODE, bytes("data"), LONG);
        assertThat(network.link(NODE).isUp(Lane.DATA)).isFalse();
        network.heal(NODE);
        await().until(() -> heard.size() == 2);
        assertThat(heard).containsExactlyInAnyOrder("call", "up");
    }

    @Test
    void aRelayMayLoseRepeatAndAlter() throws InterruptedException {
        listen(NODE, Lane.CONTROL);
        network.intercept(frame -> switch (new String(frame.content(), StandardCharsets.UTF_8)) {
            case "lost" -> List.of();
            case "twice" -> List.of(frame, frame);
            default -> List.of(new InMemoryNetwork.Frame(frame.lane(), frame.from(), frame.to(), bytes("other")));
        });
        for (String text : List.of("lost", "twice", "altered")) {
            network.link(CONTROLLER).send(Lane.CONTROL, NODE, bytes(text), LONG);
        }
        await().until(() -> heard.size() == 3);
        assertThat(heard).containsExactly("twice", "twice", "other");
    }

    @Test
    void nothingPassesBetweenTenants() throws InterruptedException {
        listen(NODE, Lane.CONTROL);
        network.link(STRANGER).send(Lane.CONTROL, NODE, bytes("hello"), LONG);
        network.link(CONTROLLER).send(Lane.CONTROL, NODE, bytes("end"), LONG);
        await().until(() -> !heard.isEmpty());
        assertThat(heard).containsExactly("end");
    }

    @Test
    void anAuthorityMakesMembersThatBelieveOneAnother(@TempDir Path home) throws CertificateException {
        TestAuthority root = TestAuthority.root();
        NetworkIdentity controller = root.identity(CONTROLLER, home.resolve("a"));
        NetworkIdentity node = root.region("north").identity(NODE, home.resolve("b"));
        assertThat(controller.trust().verify(node.chain())).isEqualTo(NODE);
        assertThat(node.trust().verify(controller.chain())).isEqualTo(CONTROLLER);
        assertThat(node.region()).isEqualTo("north");
        assertThat(node.controllers()).containsExactly(AgentAddress.parse("platform/north"));
    }

    private void listen(AgentAddress agent, Lane lane) {
        network.link(agent).receive(lane, frame -> heard.add(new String(frame, StandardCharsets.UTF_8)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
