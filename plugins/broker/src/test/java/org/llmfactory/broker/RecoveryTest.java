package org.llmfactory.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.jms.Session;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.util.ByteSequence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.jms.JmsLink;
import org.llmfactory.messaging.link.LaneDestination;

/** What becomes of links and frames when brokers, connections and certificates come and go. */
final class RecoveryTest {
    private static final AgentAddress ONE = AgentAddress.parse("shared/node-1");
    private static final AgentAddress TWO = AgentAddress.parse("shared/node-2");
    private static final Duration USEFUL = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private TestNetwork network;

    @BeforeEach
    void open() {
        network = new TestNetwork(folder);
    }

    @AfterEach
    void close() throws Exception {
        network.stop();
    }

    private static Queue<String> hear(JmsLink link, Lane lane) {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        link.receive(lane, frame -> heard.add(new String(frame, UTF_8)));
        return heard;
    }

    private static void send(JmsLink from, Lane lane, AgentAddress to, String text) throws InterruptedException {
        from.send(lane, to, text.getBytes(UTF_8), USEFUL);
    }

    @Test
    void linksComeBackToARestartedBrokerAndWhatWaitedArrives() throws Exception {
        NetworkIdentity controller = network.agent(network.authority().controller());
        Path messages = network.newHome().resolve("broker");
        EmbeddedBroker broker = network.broker(controller, 0, messages);
        URI address = broker.address();
        JmsLink one = network.link(network.agent(ONE, address));
        JmsLink two = network.link(network.agent(TWO, address));
        Queue<String> heard = hear(two, Lane.CONTROL);
        await().atMost(TestNetwork.PATIENCE).until(() -> TestNetwork.isUp(one, two));
        AtomicInteger ups = new AtomicInteger();
        one.onUp(Lane.DATA, ups::incrementAndGet);

        broker.stop();
        await().atMost(TestNetwork.PATIENCE).until(() -> !one.isUp(Lane.CONTROL));
        send(one, Lane.CONTROL, TWO, "sent while there was no broker");
        network.broker(controller, address.getPort(), messages);

        await().atMost(TestNetwork.PATIENCE).until(() -> heard.contains("sent while there was no broker"));
        await().atMost(TestNetwork.PATIENCE).until(() -> TestNetwork.isUp(one, two));
        await().atMost(TestNetwork.PATIENCE).until(() -> ups.get() == 1);
    }

    @Test
    void controlFramesForAnAbsentAgentSurviveARestart() throws Exception {
        NetworkIdentity controller = network.agent(network.authority().controller());
        Path messages = network.newHome().resolve("broker");
        EmbeddedBroker broker = network.broker(controller, 0, messages);
        JmsLink one = network.link(network.agent(ONE, broker.address()));
        send(one, Lane.CONTROL, TWO, "kept");
        await().atMost(TestNetwork.PATIENCE).until(() -> TestNetwork.waiting(broker, TWO) == 1);

        broker.stop();
        EmbeddedBroker again = network.broker(controller, broker.address().getPort(), messages);
        Queue<String> heard = hear(network.link(network.agent(TWO, again.address())), Lane.CONTROL);

        await().atMost(TestNetwork.PATIENCE).until(() -> heard.contains("kept"));
    }

    @Test
    void controlFramesThatTheBrokerHasTakenSurviveAKill() throws Exception {
        Path home = network.newHome();
        NetworkIdentity controller =
                network.authority().identity(network.authority().controller(), home);
        Path messages = network.newHome().resolve("broker");
        try (BrokerProcess process = BrokerProcess.start(home, messages)) {
            ActiveMQConnection one = DirectClient.open(network.agent(ONE), process.address(), "control");
            ActiveMQBytesMessage frame = new ActiveMQBytesMessage();
            frame.setContent(new ByteSequence("kept".getBytes(UTF_8)));
            one.createSession(false, Session.AUTO_ACKNOWLEDGE)
                    .createProducer(null)
                    .send(new ActiveMQQueue("control.shared.node-2"), frame);
            one.close();
            process.kill();
        }

        EmbeddedBroker again = network.broker(controller, 0, messages);
        Queue<String> heard = hear(network.link(network.agent(TWO, again.address())), Lane.CONTROL);

        await().atMost(TestNetwork.PATIENCE).until(() -> heard.contains("kept"));
    }

    @Test
    void aLinkThatWasCutOffHealsAndControlFramesArrive() throws Exception {
        EmbeddedBroker broker = network.broker("central");
        TcpProxy cable = new TcpProxy(broker.address());
        JmsLink one = network.link(ONE, broker);
        JmsLink two = network.link(network.agent(TWO, cable.address()));
        Queue<String> heard = hear(two, Lane.CONTROL);
        await().atMost(TestNetwork.PATIENCE).until(() -> TestNetwork.isUp(one, two));

        cable.cut();
        send(one, Lane.CONTROL, TWO, "to the one who is cut off");
        send(two, Lane.CONTROL, ONE, "from the one who is cut off");
        Queue<String> heardByOne = hear(one, Lane.CONTROL);
        await().atMost(TestNetwork.PATIENCE.multipliedBy(2)).until(() -> !two.isUp(Lane.CONTROL));
        cable.heal();

        await().atMost(TestNetwork.PATIENCE).until(() -> heard.contains("to the one who is cut off"));
        await().atMost(TestNetwork.PATIENCE).until(() -> heardByOne.contains("from the one who is cut off"));
        await().atMost(TestNetwork.PATIENCE).until(() -> TestNetwork.isUp(two));
        cable.close();
    }

    @Test
    void regionsThatWereCutOffGoOnAndFindTogetherAgain() throws Exception {
        EmbeddedBroker central = network.broker("central");
        TcpProxy cable = new TcpProxy(central.address());
        EmbeddedBroker north = network.broker("north", cable.address());
        JmsLink one = network.link(ONE, central);
        JmsLink two = network.link(TWO, north);
        JmsLink three = network.link(AgentAddress.parse("shared/node-3"), north);
        Queue<String> heard = hear(two, Lane.DATA);
        await().atMost(TestNetwork.PATIENCE).until(() -> {
            send(one, Lane.DATA, TWO, "before");
            return heard.contains("before");
        });

        cable.cut();
        send(three, Lane.DATA, TWO, "within the region");
        await().atMost(Duration.ofSeconds(5)).until(() -> heard.contains("within the region"));
        await().atMost(TestNetwork.PATIENCE.multipliedBy(2))
                .until(() -> TestNetwork.clients(central).size() == 3);
        cable.heal();

        await().atMost(TestNetwork.PATIENCE.multipliedBy(2)).until(() -> {
            send(one, Lane.DATA, TWO, "after");
            return heard.contains("after");
        });
        cable.close();
    }

    @Test
    void controlFramesFollowAnAgentThatMovedToAnotherRegion() throws Exception {
        EmbeddedBroker central = network.broker("central");
        EmbeddedBroker north = network.broker("north", central.address());
        EmbeddedBroker south = network.broker("south", central.address());
        NetworkIdentity mover = network.agent(TWO, north.address());
        JmsLink one = network.link(ONE, central);
        JmsLink before = network.link(mover);
        Queue<String> heard = hear(before, Lane.CONTROL);
        send(one, Lane.CONTROL, TWO, "before");
        await().atMost(TestNetwork.PATIENCE).until(() -> heard.contains("before"));
        before.close();
        JmsLink third = network.link(AgentAddress.parse("shared/node-3"), north);
        send(third, Lane.CONTROL, TWO, "waits at the former region");
        await().atMost(TestNetwork.PATIENCE).until(() -> TestNetwork.waiting(north, TWO) == 1);

        Queue<String> moved = hear(network.link(network.agent(TWO, south.address())), Lane.CONTROL);

        await().atMost(TestNetwork.PATIENCE).until(() -> moved.contains("waits at the former region"));
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void nothingIsLostWhenCertificatesAreRenewed(Lane lane) throws Exception {
        EmbeddedBroker broker = network.broker("central");
        IdentityKeeper keeper = network.authority().keeper(network.newHome());
        renew(keeper, TWO, broker.address());
        JmsLink one = network.link(ONE, broker);
        JmsLink two = network.link(keeper.identity().orElseThrow());
        Queue<String> heard = hear(two, lane);
        await().atMost(TestNetwork.PATIENCE).until(() -> {
            send(one, lane, TWO, "first");
            return heard.contains("first");
        });
        String prefix = new LaneDestination(lane, TWO).prefix();
        String former = TestNetwork.clients(broker).stream()
                .filter(client -> client.startsWith(prefix))
                .findFirst()
                .orElseThrow();

        renew(keeper, TWO, broker.address());
        int sent = 0;
        while (TestNetwork.clients(broker).contains(former)) {
            send(one, lane, TWO, Integer.toString(sent++));
            await().pollDelay(Duration.ofMillis(2)).until(() -> true);
        }
        send(one, lane, TWO, Integer.toString(sent));

        String last = Integer.toString(sent);
        await().atMost(TestNetwork.PATIENCE).until(() -> heard.contains(last));
        assertThat(heard)
                .contains(IntStream.rangeClosed(0, sent)
                        .mapToObj(Integer::toString)
                        .toArray(String[]::new));
        assertThat(TestNetwork.isUp(two)).isTrue();
    }

    @Test
    void bridgesAreBuiltAnewWhenTheirCertificateIsRenewed() throws Exception {
        EmbeddedBroker central = network.broker("central");
        AgentAddress north = new AgentAddress(AgentAddress.PLATFORM, "north");
        IdentityKeeper keeper = network.authority().keeper(network.newHome());
        renew(keeper, north, central.address());
        EmbeddedBroker region = network.broker(
                keeper.identity().orElseThrow(), 0, network.newHome().resolve("broker"));
        await().atMost(TestNetwork.PATIENCE)
                .until(() -> TestNetwork.clients(central).size() == 3);
        Set<String> former = TestNetwork.remotes(central);

        renew(keeper, north, central.address());

        await().atMost(TestNetwork.PATIENCE).until(() -> {
            Set<String> remotes = TestNetwork.remotes(central);
            return remotes.size() == 3 && Collections.disjoint(remotes, former);
        });
        JmsLink one = network.link(ONE, central);
        Queue<String> heard = hear(network.link(TWO, region), Lane.CONTROL);
        send(one, Lane.CONTROL, TWO, "over the new bridge");
        await().atMost(TestNetwork.PATIENCE).until(() -> heard.contains("over the new bridge"));
    }

    @Test
    void aLinkUsesTheAgentsOwnBrokerWhileThereIsOne() throws Exception {
        EmbeddedBroker central = network.broker("central");
        NetworkIdentity identity = network.agent(new AgentAddress(AgentAddress.PLATFORM, "north"), central.address());
        EmbeddedBroker own = network.broker(identity, 0, network.newHome().resolve("broker"));
        JmsLink link = network.link(identity);
        String prefix = new LaneDestination(Lane.DATA, identity.self()).prefix();
        await().atMost(TestNetwork.PATIENCE).until(() -> isClient(central, prefix) && !isClient(own, prefix));

        link.bindBroker(own);
        await().atMost(TestNetwork.PATIENCE).until(() -> isClient(own, prefix) && !isClient(central, prefix));

        link.unbindBroker(own);
        await().atMost(TestNetwork.PATIENCE).until(() -> isClient(central, prefix) && !isClient(own, prefix));
    }

    private static boolean isClient(EmbeddedBroker broker, String prefix) {
        return TestNetwork.clients(broker).stream().anyMatch(client -> client.startsWith(prefix));
    }

    private void renew(IdentityKeeper keeper, AgentAddress agent, URI broker) {
        network.authority()
                .renew(
                        keeper,
                        agent,
                        CertificateProfile.AGENT_VALIDITY,
                        List.of(broker),
                        Set.of(network.authority().controller()));
    }
}
