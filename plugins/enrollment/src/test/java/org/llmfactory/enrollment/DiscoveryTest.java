package org.llmfactory.enrollment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.agent.join.Beacon;
import org.llmfactory.enrollment.news.DiscoveryResponder;

/** Whom a controller answers on the local network. */
final class DiscoveryTest {
    private static final String NETWORK = "ab".repeat(32);
    private static final String NONCE = "0".repeat(32);

    private DiscoveryResponder responder;
    private DatagramSocket socket;

    @BeforeEach
    void start() throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        responder = new DiscoveryResponder(anyPort, () -> Optional.of(NETWORK), 8123);
        socket = new DatagramSocket(anyPort);
    }

    @AfterEach
    void stop() {
        responder.close();
        socket.close();
    }

    private Optional<URI> ask(Beacon.Question question, int patienceMillis) throws IOException {
        byte[] packet = question.encoded();
        socket.send(new DatagramPacket(packet, packet.length, responder.address()));
        socket.setSoTimeout(patienceMillis);
        DatagramPacket answer = new DatagramPacket(new byte[Beacon.LONGEST], Beacon.LONGEST);
        socket.receive(answer);
        return question.answered(answer.getData(), answer.getLength());
    }

    @Test
    void whoLooksForThisNetworkIsToldTheUrl() throws Exception {
        assertThat(ask(new Beacon.Question(NETWORK, NONCE), 20_000)).contains(URI.create("http://127.0.0.1:8123"));
    }

    @Test
    void whoLooksForAnotherNetworkHearsNothing() {
        assertThatThrownBy(() -> ask(new Beacon.Question("cd".repeat(32), NONCE), 500))
                .isInstanceOf(SocketTimeoutException.class);
    }
}
