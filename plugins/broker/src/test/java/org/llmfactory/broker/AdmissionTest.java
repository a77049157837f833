package org.llmfactory.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.activemq.ActiveMQConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.jms.JmsLink;
import org.llmfactory.messaging.testing.TestAuthority;

/** Who gets in, and who is shown the door. */
final class AdmissionTest {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");

    /** Believes everyone, to see what the broker thinks of this end alone. */
    private static final X509TrustManager CREDULOUS = new X509TrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    };

    @TempDir
    Path folder;

    private TestNetwork network;
    private NetworkIdentity controller;
    private EmbeddedBroker broker;

    @BeforeEach
    void open() throws Exception {
        network = new TestNetwork(folder);
        controller = network.agent(network.authority().controller());
        broker = network.broker(controller, 0, network.newHome().resolve("broker"));
    }

    @AfterEach
    void close() throws Exception {
        network.stop();
    }

    @Test
    void aMemberGetsIn() throws Exception {
        NetworkIdentity node = network.agent(NODE);

        assertThatCode(() -> DirectClient.open(node, broker.address(), "data").close())
                .doesNotThrowAnyException();
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
        NetworkIdentity forged = network.authority().forged(NODE, TestAuthority.root(), network.newHome());

        assertRefused(forged);
    }

    @Test
    void aCertificateThatARegionIssuedForAnotherIsRefused() throws Exception {
        TestAuthority region = network.authority().region("north");

        assertRefused(region.misissued(NODE, "south", network.newHome()));
        assertRefused(region.misissued(new AgentAddress(AgentAddress.PLATFORM, "south"), "north", network.newHome()));
    }

    @Test
    void aRevokedCertificateIsRefused() throws Exception {
        NetworkIdentity node = network.agent(NODE);
        revoke(node);

        assertRefused(node);
    }

    @Test
    void aMemberThatARegionHasCertifiedGetsIn() throws Exception {
        NetworkIdentity node = network.authority().region("north").identity(NODE, network.newHome());

        assertThatCode(() -> DirectClient.open(node, broker.address(), "data").close())
                .doesNotThrowAnyException();
    }

    @Test
    void theBridgesOfARevokedControllerAreDropped() throws Exception {
        NetworkIdentity north = network.agent(new AgentAddress(AgentAddress.PLATFORM, "north"), broker.address());
        network.broker(north, 0, network.newHome().resolve("broker"));
        await().atMost(TestNetwork.PATIENCE)
                .until(() -> TestNetwork.clients(broker).size() == 3);
        Set<String> former = TestNetwork.remotes(broker);

        revoke(north);

        await().atMost(Duration.ofSeconds(5)).until(() -> Collections.disjoint(TestNetwork.remotes(broker), former));
    }

    @Test
    void bridgesLeaveABrokerThatIsNoControllers() throws Exception {
        EmbeddedBroker impostors = network.broker(
                network.agent(AgentAddress.parse("shared/impostor")),
                0,
                network.newHome().resolve("broker"));
        network.broker("north", impostors.address(), broker.address());

        await().atMost(TestNetwork.PATIENCE)
                .until(() -> TestNetwork.clients(broker).stream()
                                .filter(client -> client != null && client.endsWith("_north_outbound"))
                                .count()
                        == 3);
        assertThat(TestNetwork.clients(impostors))
                .noneMatch(client -> client != null && client.endsWith("_north_outbound"));
    }

    private void revoke(NetworkIdentity identity) {
        controller
                .trust()
                .revoke(Set.of(identity.chain().get(0).getSerialNumber().toString(16)));
    }

    private void assertRefused(NetworkIdentity identity) {
        assertThatThrownBy(() -> DirectClient.open(identity, broker.address(), "data"))
                .isInstanceOf(JMSException.class);
    }

    @Test
    void revocationDropsALiveConnectionAtOnce() throws Exception {
        NetworkIdentity node = network.agent(NODE, broker.address());
        NetworkIdentity other = network.agent(AgentAddress.parse("shared/node-2"), broker.address());
        JmsLink dropped = network.link(node);
        JmsLink kept = network.link(other);
        await().atMost(TestNetwork.PATIENCE).until(() -> TestNetwork.isUp(dropped, kept));

        revoke(node);

        await().atMost(Duration.ofSeconds(2)).until(() -> noLaneIsUp(dropped));
        assertThat(TestNetwork.isUp(kept)).isTrue();
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(5)).until(() -> noLaneIsUp(dropped));
    }

    private static boolean noLaneIsUp(JmsLink link) {
        for (Lane lane : Lane.values()) {
            if (link.isUp(lane)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aConnectionEndsWithItsCertificate() throws Exception {
        NetworkIdentity node = network.authority().identity(NODE, network.newHome(), Duration.ofSeconds(4));
        ActiveMQConnection connection = DirectClient.open(node, broker.address(), "data");

        await().atMost(TestNetwork.PATIENCE).until(connection::isTransportFailed);

        assertRefused(node);
        connection.close();
    }

    @Test
    void withoutACertificateNobodyGetsIn() throws Exception {
        SSLContext nobody = SSLContext.getInstance("TLSv1.3");
        nobody.init(null, new TrustManager[] {CREDULOUS}, new SecureRandom());

        assertThatThrownBy(() -> firstByte(nobody, "TLSv1.3")).isInstanceOf(IOException.class);
    }

    @Test
    void olderTlsIsRefused() throws Exception {
        SSLContext nobody = SSLContext.getInstance("TLSv1.2");
        nobody.init(null, new TrustManager[] {CREDULOUS}, new SecureRandom());

        assertThatThrownBy(() -> firstByte(nobody, "TLSv1.2")).isInstanceOf(IOException.class);
    }

    private int firstByte(SSLContext context, String version) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), broker.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.setEnabledProtocols(new String[] {version});
            socket.startHandshake();
            int read = socket.getInputStream().read();
            if (read < 0) {
                throw new IOException("The broker has closed the connection");
            }
            return read;
        }
    }

    @Test
    void plainTextIsRefused() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), broker.address().getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(new byte[] {0, 0, 0, 8, 1, 'A', 'c', 't', 'i', 'v', 'e', 'M', 'Q'});
            byte[] answer = socket.getInputStream().readAllBytes();

            // A TLS alert and the end, no greeting.
            assertThat(new String(answer, java.nio.charset.StandardCharsets.ISO_8859_1))
                    .doesNotContain("ActiveMQ");
        }
    }

    @Test
    void aLinkLeavesABrokerThatIsNoControllers() throws Exception {
        NetworkIdentity impostor = network.agent(AgentAddress.parse("shared/impostor"));
        EmbeddedBroker impostors = network.broker(impostor, 0, network.newHome().resolve("broker"));
        JmsLink link = network.link(network.agent(NODE, impostors.address(), broker.address()));

        await().atMost(TestNetwork.PATIENCE).until(() -> TestNetwork.isUp(link));

        assertThat(TestNetwork.clients(impostors)).isEmpty();
        assertThat(TestNetwork.clients(broker)).hasSize(3);
    }

    @Test
    void aLinkAndABridgeLeaveAPeerThatSaysNothing() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            URI nobody = URI.create("ssl://127.0.0.1:" + silent.getLocalPort());
            JmsLink link = network.link(network.agent(NODE, nobody, broker.address()));
            network.broker("north", nobody, broker.address());

            await().atMost(TestNetwork.PATIENCE).until(() -> TestNetwork.isUp(link));
            await().atMost(TestNetwork.PATIENCE)
                    .until(() -> TestNetwork.clients(broker).size() == 6);
        }
    }

    @Test
    void anAgentDoesNotFillTheBrokerWithConnections() throws Exception {
        NetworkIdentity node = network.agent(NODE);
        ActiveMQConnection first = DirectClient.open(node, broker.address(), NODE + "/data/", NODE + "/data/1");
        for (int number = 2; number <= 4; number++) {
            DirectClient.open(node, broker.address(), NODE + "/data/", NODE + "/data/" + number);
        }

        await().atMost(TestNetwork.PATIENCE).until(first::isTransportFailed);
    }
}
