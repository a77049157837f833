package org.llmfactory.agent.network;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.llmfactory.agent.join.Beacon;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

class DiscoveryTest {
    private static final String NETWORK = "ab".repeat(32);
    private static final URI HERE = URI.create("http://10.0.0.1:8080");

    /** Answers each question with these packets, one after the other. */
    private static final class Neighbour implements AutoCloseable {
        private final DatagramSocket socket;

        Neighbour(Function<Beacon.Question, List<byte[]>> answers) throws SocketException {
            socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread thread = new Thread(() -> serve(answers));
            thread.setDaemon(true);
            thread.start();
        }

        InetSocketAddress address() {
            return (InetSocketAddress) socket.getLocalSocketAddress();
        }

        private void serve(Function<Beacon.Question, List<byte[]>> answers) {
            DatagramPacket packet = new DatagramPacket(new byte[Beacon.LONGEST], Beacon.LONGEST);
            while (!socket.isClosed()) {
                try {
                    packet.setLength(Beacon.LONGEST);
                    socket.receive(packet);
                    Beacon.Question question = Beacon.Question.parse(packet.getData(), packet.getLength())
                            .orElseThrow();
                    for (byte[] answer : answers.apply(question)) {
                        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                    }
                } catch (IOException closed) {
                    return;
                }
            }
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    @Test
    void aControllerOfTheNetworkIsFoundAmongOthersWhoAnswer() throws Exception {
        try (Neighbour neighbour = new Neighbour(question -> List.of(
                "nonsense".getBytes(US_ASCII),
                new Beacon.Question("cd".repeat(32), question.nonce()).answer(URI.create("http://10.0.0.2:1")),
                new Beacon.Question(NETWORK, "0".repeat(32)).answer(URI.create("http://10.0.0.3:1")),
                question.answer(HERE)))) {
            assertThat(new Discovery(neighbour.address(), Duration.ofSeconds(20)).find(NETWORK))
                    .isEqualTo(HERE);
        }
    }

    @Test
    void nobodyThereIsSaidInTime() throws Exception {
        try (Neighbour silent = new Neighbour(question -> List.of())) {
            Discovery discovery = new Discovery(silent.address(), Duration.ofMillis(500));

            assertThatThrownBy(() -> discovery.find(NETWORK))
                    .isInstanceOfSatisfying(
                            FactoryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
        }
    }

    @Test
    void anAnswerWithoutAnHttpUrlIsNone() {
        Beacon.Question question = new Beacon.Question(NETWORK, "0".repeat(32));
        byte[] answer =
                ("llm-factory here 1 " + NETWORK + ' ' + "0".repeat(32) + " file:///etc/passwd").getBytes(US_ASCII);

        assertThat(question.answered(answer, answer.length)).isEmpty();
    }
}
