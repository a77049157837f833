package org.llmfactory.broker;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.activemq.broker.TransportConnection;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.command.ActiveMQQueue;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.jms.JmsLink;
import org.llmfactory.messaging.link.LaneDestination;
import org.llmfactory.messaging.testing.TestAuthority;

/** A network on this machine for one test: brokers on free ports, links that dial them. */
final class TestNetwork {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final TestAuthority authority = TestAuthority.root();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final AtomicInteger homes = new AtomicInteger();

    TestNetwork(Path folder) {
        this.folder = folder;
    }

    TestAuthority authority() {
        return authority;
    }

    Path newHome() throws IOException {
        return Files.createDirectory(folder.resolve("home-" + homes.incrementAndGet()));
    }

    /** An agent that knows these brokers. */
    NetworkIdentity agent(AgentAddress address, URI... brokers) throws IOException {
        return authority.identity(
                address, newHome(), Duration.ofDays(1), Arrays.asList(brokers), Set.of(authority.controller()));
    }

    /** A controller and its broker, which dials those of its parent. */
    EmbeddedBroker broker(String name, URI... parents) throws Exception {
        NetworkIdentity identity = agent(new AgentAddress(AgentAddress.PLATFORM, name), parents);
        return broker(identity, 0, newHome().resolve("broker"));
    }

    EmbeddedBroker broker(NetworkIdentity identity, int port, Path messages) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(settings(port), identity, messages);
        open.push(broker::stop);
        return broker;
    }

    static Settings settings(int port) {
        return new Settings("127.0.0.1", port, "127.0.0.1", 128, 256, 100);
    }

    JmsLink link(AgentAddress address, EmbeddedBroker broker) throws IOException {
        return link(agent(address, broker.address()));
    }

    JmsLink link(NetworkIdentity identity) {
        JmsLink link = new JmsLink(identity);
        link.start();
        open.push(link::close);
        return link;
    }

    static boolean isUp(JmsLink... links) {
        return Arrays.stream(links)
                .allMatch(link -> List.of(Lane.values()).stream().allMatch(link::isUp));
    }

    /** The ids of the clients from other machines that are connected, bridges included. */
    static List<String> clients(EmbeddedBroker broker) {
        return broker.service().getTransportConnectors().get(0).getConnections().stream()
                .map(TransportConnection::getConnectionId)
                .toList();
    }

    /** Where those clients are connected from. */
    static Set<String> remotes(EmbeddedBroker broker) {
        return broker.service().getTransportConnectors().get(0).getConnections().stream()
                .map(TransportConnection::getRemoteAddress)
                .collect(Collectors.toSet());
    }

    /** How many control frames wait at a broker for an agent. */
    static long waiting(EmbeddedBroker broker, AgentAddress agent) throws Exception {
        ActiveMQQueue queue = new ActiveMQQueue(new LaneDestination(Lane.CONTROL, agent).name());
        Destination destination =
                broker.service().getBroker().getDestinationMap(queue).get(queue);
        return destination == null
                ? 0
                : destination.getDestinationStatistics().getMessages().getCount();
    }

    void stop() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
