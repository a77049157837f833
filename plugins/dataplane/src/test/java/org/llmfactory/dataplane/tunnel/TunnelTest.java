package org.llmfactory.dataplane.tunnel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.llmfactory.dataplane.testing.TestAgents.CONTROLLER;
import static org.llmfactory.dataplane.testing.TestAgents.NODE;
import static org.llmfactory.dataplane.testing.TestAgents.NODE_OF_A;
import static org.llmfactory.dataplane.testing.TestAgents.NODE_OF_B;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.dataplane.testing.TestAgents;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;

@Timeout(60)
class TunnelTest {
    private static final SecurityContext ADMINISTRATOR = Callers.securityContext(Caller.platform(), "127.0.0.1", false);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final TestAgents agents = new TestAgents();
    private final InMemoryLedger ledger = new InMemoryLedger();
    private final TunnelAudit audit = new TunnelAudit();
    private final List<TunnelService> services = new ArrayList<>();
    private Tunnels tunnels = new Tunnels(CONTROLLER, agents.agent(CONTROLLER).plane(), 2, 3, IDLE);
    private TunnelsResource resource = resource();

    private TunnelsResource resource() {
        audit.ledger = ledger;
        return new TunnelsResource(tunnels, audit);
    }

    @AfterEach
    void stop() {
        tunnels.stop();
        services.forEach(TunnelService::stop);
        agents.close();
    }

    @Test
    void whatIsSentComesBackFromAnEchoAndTheEndIsCarriedBothWays() throws Exception {
        byte[] content = new byte[5_000_000];
        new Random(1).nextBytes(content);
        try (TestServer echo = new TestServer(socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
                Socket socket = connect(open(echo.target()))) {
            Thread writer = new Thread(() -> {
                try {
                    socket.getOutputStream().write(content);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.start();

            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(content);
            writer.join();
        }
        TunnelsResource.TunnelInfo info = resource.list().data().get(0);
        assertThat(info.bytes()).isEqualTo(2L * content.length);
        await().untilAsserted(
                        () -> assertThat(resource.get(info.id()).connections()).isZero());
    }

    @Test
    void aServerThatSpeaksFirstIsHeardFromItsFirstByte() throws Exception {
        try (TestServer greeter = new TestServer(socket -> {
                    socket.getOutputStream().write("220 ready\n".getBytes(UTF_8));
                    socket.shutdownOutput();
                    socket.getInputStream().readAllBytes();
                });
                Socket socket = connect(open(greeter.target()))) {
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo("220 ready\n".getBytes(UTF_8));
        }
    }

    @Test
    void aServerAnswersAfterItsClientHasFinished() throws Exception {
        try (TestServer counter = new TestServer(socket -> {
                    int count = socket.getInputStream().readAllBytes().length;
                    socket.getOutputStream().write(Integer.toString(count).getBytes(UTF_8));
                });
                Socket socket = connect(open(counter.target()))) {
            socket.getOutputStream().write(new byte[1000]);
            socket.shutdownOutput();

            assertThat(socket.getInputStream().readAllBytes()).isEqualTo("1000".getBytes(UTF_8));
        }
    }

    @Test
    void aTargetThatIsNotAllowedIsRefusedAndTheTunnelSaysWhy() throws Exception {
        allow(NODE, "127.0.0.1:1");
        TunnelsResource.TunnelInfo tunnel = open(NODE.toString(), "127.0.0.1:2");

        try (Socket socket = connect(tunnel)) {
            assertThatThrownBy(() -> readOrEnd(socket)).isInstanceOf(IOException.class);
        }
        await().untilAsserted(() ->
                assertThat(resource.get(tunnel.id()).lastFailure()).contains("does not allow tunnels to 127.0.0.1:2"));
    }

    @Test
    void aTargetThatDoesNotAnswerIsToldApart() throws Exception {
        int closed;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = server.getLocalPort();
        }
        TunnelsResource.TunnelInfo tunnel = open("127.0.0.1:" + closed);

        try (Socket socket = connect(tunnel)) {
            assertThatThrownBy(() -> readOrEnd(socket)).isInstanceOf(IOException.class);
        }
        await().untilAsserted(() ->
                assertThat(resource.get(tunnel.id()).lastFailure()).contains("cannot reach"));
    }

    @Test
    void aConnectionThatIsResetIsResetAtTheOtherEnd() throws Exception {
        try (TestServer reader =
                new TestServer(socket -> socket.getInputStream().readAllBytes())) {
            Socket socket = connect(open(reader.target()));
            socket.getOutputStream().write(1);
            await().untilAsserted(() ->
                    assertThat(resource.list().data().get(0).bytes()).isEqualTo(1));
            socket.setSoLinger(true, 0);
            socket.close();

            assertThat(reader.failure().get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aConnectionThatCarriesNothingIsClosedAfterAWhile() throws Exception {
        tunnels = new Tunnels(CONTROLLER, agents.agent(CONTROLLER).plane(), 2, 3, Duration.ofMillis(200));
        resource = resource();
        try (TestServer silent =
                        new TestServer(socket -> socket.getInputStream().readAllBytes());
                Socket socket = connect(open(silent.target()))) {
            assertThatThrownBy(() -> readOrEnd(socket)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aServerThatTakesNothingHoldsUpItsClient() throws Exception {
        try (TestServer stuck = new TestServer(socket -> awaitClosed(socket));
                Socket socket = connect(open(stuck.target()))) {
            Thread writer = new Thread(() -> {
                try {
                    for (int index = 0; index < 2000; index++) {
                        socket.getOutputStream().write(new byte[64 * 1024]);
                    }
                } catch (IOException e) {
                    Thread.currentThread().interrupt();
                }
            });
            writer.setDaemon(true);
            writer.start();

            await().during(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> agents.agent(CONTROLLER).meters.bytesSent(), new Settled());
            assertThat(agents.agent(CONTROLLER).meters.bytesSent()).isLessThan(64L << 20);
            assertThat(writer.isAlive()).isTrue();
        }
    }

    @Test
    void tunnelsAndConnectionsAreBounded() throws Exception {
        try (TestServer silent =
                new TestServer(socket -> socket.getInputStream().readAllBytes())) {
            TunnelsResource.TunnelInfo tunnel = open(silent.target());
            open(silent.target());
            refused(ErrorCode.CONFLICT, NODE.toString(), silent.target());

            List<Socket> sockets = new ArrayList<>();
            for (int index = 0; index < 3; index++) {
                sockets.add(connect(tunnel));
            }
            await().untilAsserted(() ->
                    assertThat(resource.get(tunnel.id()).connections()).isEqualTo(3));
            try (Socket fourth = connect(tunnel)) {
                assertThatThrownBy(() -> readOrEnd(fourth)).isInstanceOf(IOException.class);
            }
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void aClosedTunnelEndsItsConnectionsAndIsGone() throws Exception {
        try (TestServer silent =
                new TestServer(socket -> socket.getInputStream().readAllBytes())) {
            TunnelsResource.TunnelInfo tunnel = open(silent.target());
            try (Socket socket = connect(tunnel)) {
                await().untilAsserted(() ->
                        assertThat(resource.get(tunnel.id()).connections()).isEqualTo(1));

                assertThat(resource.close(ADMINISTRATOR, tunnel.id()).deleted()).isTrue();

                assertThatThrownBy(() -> readOrEnd(socket)).isInstanceOf(IOException.class);
            }
            assertThat(resource.list().data()).isEmpty();
            assertThatThrownBy(() -> resource.get(tunnel.id()))
                    .isInstanceOfSatisfying(
                            FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
            assertThat(ledger.types()).containsExactly("tunnel.opened", "tunnel.closed");
            assertThat(ledger.events().get(0).details())
                    .containsEntry("agent", NODE.toString())
                    .containsEntry("target", silent.target())
                    .containsEntry("port", tunnel.port());
        }
    }

    @Test
    void theListenerIsOnThisMachineOnly() throws Exception {
        TunnelsResource.TunnelInfo tunnel = open("127.0.0.1:1");

        assertThat(tunnel.host()).isEqualTo("127.0.0.1");
        assertThat(tunnel.port()).isPositive();
        try (Socket socket = connect(tunnel)) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void whatIsMalformedIsRefusedByName() {
        refused(ErrorCode.INVALID_VALUE, "nobody", "127.0.0.1:1");
        refused(ErrorCode.INVALID_VALUE, NODE.toString(), "nowhere");
    }

    @Test
    void agentsOfOtherTenantsGetNoTunnel() {
        Tunnels ofA = new Tunnels(NODE_OF_A, agents.agent(NODE_OF_A).plane(), 2, 3, IDLE);

        assertThatThrownBy(() -> ofA.open(NODE_OF_B, new Target("127.0.0.1", 1), 0))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
    }

    @Test
    void onlyThoseWhoOperateThePlatformReachThem() {
        assertThat(new TunnelsApplication(tunnels, audit).endpoints())
                .hasSize(4)
                .allSatisfy(endpoint -> assertThat(endpoint.action()).isEqualTo(Action.OPERATE_PLATFORM));
    }

    /** Whether a number is the same as when it was asked for last. */
    private static final class Settled implements Predicate<Long> {
        private long last = -1;

        @Override
        public boolean test(Long value) {
            boolean same = value == last;
            last = value;
            return same;
        }
    }

    private void allow(AgentAddress agent, String target) {
        TunnelService service = new TunnelService(agent, new AllowedTargets(target), 10, IDLE);
        services.add(service);
        agents.agent(agent).offer(service);
    }

    private TunnelsResource.TunnelInfo open(String target) {
        allow(NODE, target);
        return open(NODE.toString(), target);
    }

    private TunnelsResource.TunnelInfo open(String agent, String target) {
        ObjectNode body = Json.MAPPER.createObjectNode().put("agent", agent).put("target", target);
        return resource.open(ADMINISTRATOR, body);
    }

    private void refused(ErrorCode code, String agent, String target) {
        assertThatThrownBy(() -> open(agent, target))
                .isInstanceOfSatisfying(
                        FactoryException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static Socket connect(TunnelsResource.TunnelInfo tunnel) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), tunnel.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** A reset is an exception, an end is none. */
    private static void readOrEnd(Socket socket) throws IOException {
        int read = socket.getInputStream().read();
        assertThat(read).describedAs("a connection that should have been reset").isEqualTo(-2);
    }

    private static void awaitClosed(Socket socket) {
        await().atMost(Duration.ofSeconds(30)).until(socket::isClosed);
    }
}
