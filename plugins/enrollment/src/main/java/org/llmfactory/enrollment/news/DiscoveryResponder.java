package org.llmfactory.enrollment.news;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collections;
import java.util.Optional;
import java.util.function.Supplier;
import org.llmfactory.agent.join.Beacon;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers agents on the local network that look for just this controller's network. */
public final class DiscoveryResponder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryResponder.class);

    private final MulticastSocket socket;
    private final Supplier<Optional<String>> network;
    private final int httpPort;
    private final Thread thread;

    /**
     * Begins to listen.
     *
     * @param group where agents ask; a multicast group, or an address of this machine
     * @param network this controller's network; empty while it has none
     * @param httpPort where the controller answers over HTTP
     */
    public DiscoveryResponder(InetSocketAddress group, Supplier<Optional<String>> network, int httpPort)
            throws IOException {
        boolean multicast = group.getAddress().isMulticastAddress();
        this.socket = multicast ? new MulticastSocket(group.getPort()) : new MulticastSocket(group);
        this.network = network;
        this.httpPort = httpPort;
        if (multicast) {
            join(group);
        }
        this.thread = new Thread(this::listen, "enrollment-discovery");
        thread.setDaemon(true);
        thread.start();
    }

    private void join(InetSocketAddress group) throws IOException {
        for (NetworkInterface way : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            if (way.isUp() && way.supportsMulticast()) {
                try {
                    socket.joinGroup(group, way);
                } catch (IOException e) {
                    LOG.info("Agents cannot find this controller by {}: {}", way.getName(), e.getMessage());
                }
            }
        }
    }

    /** Where it listens. */
    public SocketAddress address() {
        return socket.getLocalSocketAddress();
    }

    private void listen() {
        DatagramPacket packet = new DatagramPacket(new byte[Beacon.LONGEST], Beacon.LONGEST);
        while (!socket.isClosed()) {
            try {
                packet.setLength(Beacon.LONGEST);
                socket.receive(packet);
                answer(packet);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.debug("A question of the local network was not answered", e);
                }
            }
        }
    }

    private void answer(DatagramPacket packet) throws IOException {
        Optional<Beacon.Question> question = Beacon.Question.parse(packet.getData(), packet.getLength());
        if (question.isPresent()
                && network.get().filter(question.get().network()::equals).isPresent()) {
            byte[] answer = question.get().answer(url(packet.getSocketAddress()));
            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
    }

    /** By the address of this machine that whoever asks is reached from. */
    private URI url(SocketAddress asking) throws IOException {
        try (DatagramSocket way = new DatagramSocket()) {
            way.connect(asking);
            InetAddress own = way.getLocalAddress();
            String host = own.getHostAddress().replaceFirst("%.*", "");
            return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + httpPort);
        }
    }

    @Override
    public void close() {
        socket.close();
        thread.interrupt();
    }
}
