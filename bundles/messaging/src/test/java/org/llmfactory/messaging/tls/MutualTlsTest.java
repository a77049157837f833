package org.llmfactory.messaging.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.CertificateNames;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.testing.TestAuthority;

class MutualTlsTest {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");
    private static final int TIMEOUT_MILLIS = 10_000;

    private final TestAuthority root = TestAuthority.root();
    private final ExecutorService accepting = Executors.newCachedThreadPool();
    private NetworkIdentity controller;
    private SSLServerSocket server;

    @TempDir
    Path home;

    @BeforeEach
    void listen() throws IOException {
        controller = root.identity(root.controller(), home.resolve("controller"));
        server = (SSLServerSocket)
                controller.tls().getServerSocketFactory().createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        server.setSoTimeout(TIMEOUT_MILLIS);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        accepting.shutdownNow();
    }

    @Test
    void twoMembersTalkTls13AndKnowEachOther() throws Exception {
        NetworkIdentity node = root.region("north").identity(NODE, home.resolve("node"));
        X509Certificate[] seen = talk(node.tls());
        assertThat(CertificateNames.agent(seen[0])).contains(NODE);
    }

    @Test
    void nobodyElseIsLetIn() throws Exception {
        TestAuthority rogue = TestAuthority.root();
        NetworkIdentity forged = root.forged(NODE, rogue, home.resolve("forged"));
        assertThatThrownBy(() -> talk(forged.tls())).isInstanceOf(IOException.class);
        SSLContext anonymous = SSLContext.getInstance("TLSv1.3");
        anonymous.init(null, new javax.net.ssl.TrustManager[] {new NetworkTrust(controller.trust())}, null);
        assertThatThrownBy(() -> talk(anonymous)).isInstanceOf(IOException.class);
    }

    @Test
    void nobodyTalksToAStrangersServer() {
        NetworkIdentity stranger = TestAuthority.root().identity(NODE, home.resolve("stranger"));
        assertThatThrownBy(() -> talk(stranger.tls())).isInstanceOf(IOException.class);
    }

    @Test
    void olderVersionsOfTlsAreNotSpoken() throws Exception {
        NetworkIdentity node = root.identity(NODE, home.resolve("node"));
        assertThat(server.getEnabledProtocols()).containsExactly("TLSv1.3");
        assertThat(server.getNeedClientAuth()).isTrue();
        try (SSLSocket socket = (SSLSocket) node.tls().getSocketFactory().createSocket()) {
            assertThat(socket.getEnabledProtocols()).containsExactly("TLSv1.3");
        }
        SSLEngine engine = node.tls().createSSLEngine();
        engine.setUseClientMode(false);
        assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.3");
        assertThat(engine.getNeedClientAuth()).isTrue();
    }

    @Test
    void aRenewedCertificateIsPresentedAtOnce() throws Exception {
        IdentityKeeper keeper = root.keeper(home.resolve("node"));
        renew(keeper);
        NetworkIdentity node = keeper.identity().orElseThrow();
        SSLContext tls = node.tls();
        X509Certificate former = talk(tls)[0];
        renew(keeper);
        assertThat(talk(tls)[0]).isEqualTo(node.chain().get(0)).isNotEqualTo(former);
    }

    @Test
    void aRevokedMemberIsShutOutThoughItKeptItsSession() throws Exception {
        NetworkIdentity node = root.identity(NODE, home.resolve("node"));
        SSLContext keeping = SSLContext.getInstance("TLSv1.3");
        keeping.init(
                new javax.net.ssl.KeyManager[] {new NewestKey(() -> new Presented(node.chain(), node.key()))},
                new javax.net.ssl.TrustManager[] {new NetworkTrust(node.trust())},
                null);
        talk(keeping);
        controller.trust().revoke(Set.of(CertificateProfile.serial(node.chain().get(0))));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> talk(keeping)).isInstanceOf(IOException.class);
        }
    }

    private void renew(IdentityKeeper keeper) {
        root.renew(keeper, NODE, Duration.ofDays(1), List.of(), Set.of());
    }

    /** Connects, says something each way, and tells whom the server saw. */
    private X509Certificate[] talk(SSLContext client) throws Exception {
        CompletableFuture<X509Certificate[]> seen = CompletableFuture.supplyAsync(this::serve, accepting);
        try (SSLSocket socket = (SSLSocket)
                client.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.getLocalPort())) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(1);
            if (socket.getInputStream().read() != 2) {
                throw new IOException("The server has closed");
            }
        } finally {
            // One connection is over before the next one is accepted.
            seen.handle((chain, failure) -> chain).get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
        }
        return seen.get();
    }

    private X509Certificate[] serve() {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getInputStream().read();
            socket.getOutputStream().write(2);
            return (X509Certificate[]) socket.getSession().getPeerCertificates();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
