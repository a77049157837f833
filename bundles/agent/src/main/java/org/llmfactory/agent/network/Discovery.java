package org.llmfactory.agent.network;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Optional;
import org.llmfactory.agent.join.Beacon;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * Finds a controller on the local network.
 *
 * @param target where to ask: a multicast group
 * @param deadline for an answer
 */
record Discovery(InetSocketAddress target, Duration deadline) {
    private static final int STEP_MILLIS = 300;
    private static final int NONCE_BYTES = 16;

    /** As agents use it. */
    static final Discovery STANDARD = new Discovery(Beacon.GROUP, Duration.ofSeconds(3));

    /**
     * The first controller of a network that answers.
     *
     * @throws FactoryException {@code NOT_FOUND} when none does
     */
    URI find(String network) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        Beacon.Question question = new Beacon.Question(network, HexFormat.of().formatHex(nonce));
        long end = System.nanoTime() + deadline.toNanos();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(STEP_MILLIS);
            while (System.nanoTime() < end) {
                ask(socket, question.encoded());
                Optional<URI> found = hear(socket, question);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.INTERNAL, "The local network cannot be asked: " + e.getMessage(), e);
        }
        throw new FactoryException(
                ErrorCode.NOT_FOUND,
                "No controller of the token's network answers on the local network. It does so only when it was started"
                        + " with llmfactory.network.discovery=true; otherwise join by its URL.");
    }

    private void ask(DatagramSocket socket, byte[] question) throws IOException {
        DatagramPacket packet = new DatagramPacket(question, question.length, target);
        if (!target.getAddress().isMulticastAddress()) {
            socket.send(packet);
            return;
        }
        for (NetworkInterface way : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (way.isUp() && way.supportsMulticast()) {
                socket.setOption(StandardSocketOptions.IP_MULTICAST_IF, way);
                send(socket, packet);
            }
        }
    }

    private static void send(DatagramSocket socket, DatagramPacket packet) {
        try {
            socket.send(packet);
        } catch (IOException notThisWay) {
            // One without a route is none; the others are asked too.
        }
    }

    /** Hears answers until there is silence. */
    private static Optional<URI> hear(DatagramSocket socket, Beacon.Question question) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[Beacon.LONGEST], Beacon.LONGEST);
        try {
            for (int i = 0; i < 100; i++) {
                packet.setLength(Beacon.LONGEST);
                socket.receive(packet);
                Optional<URI> answer = question.answered(packet.getData(), packet.getLength());
                if (answer.isPresent()) {
                    return answer;
                }
            }
        } catch (SocketTimeoutException silence) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
