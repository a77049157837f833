package org.llmfactory.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.nio.file.Path;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTempQueue;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.BrokerId;
import org.apache.activemq.command.BrokerInfo;
import org.apache.activemq.command.Command;
import org.apache.activemq.command.ConnectionId;
import org.apache.activemq.command.ConsumerId;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.ControlCommand;
import org.apache.activemq.command.DestinationInfo;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.ProducerId;
import org.apache.activemq.command.RemoveInfo;
import org.apache.activemq.command.RemoveSubscriptionInfo;
import org.apache.activemq.util.ByteSequence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.NetworkIdentity;

/** What an agent of one tenant can do to another's by speaking to the broker itself: nothing. */
final class TenantIsolationTest {
    private static final AgentAddress EVE = AgentAddress.parse("tenant-a/eve");
    private static final AgentAddress FRIEND = AgentAddress.parse("tenant-a/friend");
    private static final AgentAddress BOB = AgentAddress.parse("tenant-b/bob");

    @TempDir
    Path folder;

    private TestNetwork network;
    private EmbeddedBroker broker;
    private NetworkIdentity eve;
    private NetworkIdentity bob;
    private ActiveMQConnection connection;
    private ActiveMQSession session;

    @BeforeEach
    void open() throws Exception {
        network = new TestNetwork(folder);
        broker = network.broker("central");
        eve = network.agent(EVE, broker.address());
        bob = network.agent(BOB, broker.address());
        connect("control");
    }

    private void connect(String lane) throws JMSException {
        if (connection != null) {
            connection.close();
        }
        connection = DirectClient.open(eve, broker.address(), lane);
        session = (ActiveMQSession) connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
    }

    @AfterEach
    void close() throws Exception {
        connection.close();
        network.stop();
    }

    /** Opened anew for the lane that the destination is of, so that only the tenant stands in the way. */
    private ActiveMQDestination destination(String name) throws JMSException {
        String plain = name.replaceFirst("^(queue|topic)://", "");
        int dot = plain.indexOf('.');
        String lane = dot < 0 ? "control" : plain.substring(0, dot);
        if (lane.equals("live") || lane.equals("data")) {
            connect(lane);
        }
        return ActiveMQDestination.createDestination(name, ActiveMQDestination.QUEUE_TYPE);
    }

    private void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .satisfies(error -> assertThat(error instanceof SecurityException
                                || error.getCause() instanceof SecurityException
                                || error instanceof jakarta.jms.JMSSecurityException)
                        .as("%s", error)
                        .isTrue());
    }

    @Test
    void ownDestinationsAreOpen() {
        assertThatCode(() -> {
                    session.createConsumer(new ActiveMQQueue("control.tenant-a.eve"));
                    send(new ActiveMQQueue("control.tenant-a.friend"));
                    send(new ActiveMQQueue("control.platform.central"));
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue://control.tenant-b.bob",
                "topic://live.tenant-b.bob",
                "topic://data.tenant-b.bob",
                "topic://control.tenant-b.bob",
                "queue://data.tenant-b.bob",
                "queue://control.tenant-a.friend",
                "topic://data.tenant-a.friend",
                "queue://control.platform.central",
                "queue://control.>",
                "queue://control.tenant-b.*",
                "queue://>",
                "topic://>",
                "topic://data.>",
                "topic://*.tenant-b.bob",
                "queue://control.tenant-a.eve,control.tenant-b.bob",
                "topic://data.tenant-a.eve,topic://data.tenant-b.bob",
                "topic://ActiveMQ.Advisory.Consumer.Queue.control.>",
                "topic://ActiveMQ.Advisory.Consumer.Queue.control.tenant-b.bob",
                "topic://ActiveMQ.Advisory.Connection",
                "topic://ActiveMQ.Advisory.>",
                "topic://VirtualTopic.data",
                "queue://Consumer.eve.VirtualTopic.data",
                "queue://ActiveMQ.DLQ",
                "queue://ActiveMQ.Statistics.Broker",
                "queue://control.tenant-b.bob.more",
                "queue://anything"
            })
    void othersAreNotRead(String name) throws Exception {
        ActiveMQDestination destination = destination(name);

        assertRefused(() -> session.createConsumer(destination));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue://control.tenant-b.bob",
                "topic://live.tenant-b.bob",
                "topic://data.tenant-b.bob",
                "queue://data.tenant-b.bob",
                "queue://control.shared.node",
                "queue://control.tenant-a.friend,control.tenant-b.bob",
                "queue://control.>",
                "topic://data.>",
                "topic://ActiveMQ.Advisory.Consumer.Queue.control.tenant-b.bob",
                "topic://VirtualTopic.data",
                "queue://ActiveMQ.DLQ",
                "queue://ActiveMQ.Statistics.Broker",
                "queue://anything"
            })
    void othersAreNotWrittenTo(String name) throws Exception {
        ActiveMQDestination destination = destination(name);

        assertRefused(() -> send(destination));
        assertRefused(() -> session.createProducer(destination));
    }

    private void send(Destination destination) throws JMSException {
        session.createProducer(null).send(destination, frame());
    }

    private static ActiveMQBytesMessage frame() {
        ActiveMQBytesMessage message = new ActiveMQBytesMessage();
        message.setContent(new ByteSequence(new byte[] {1}));
        return message;
    }

    @Test
    void anotherLaneIsNotWrittenTo() {
        assertRefused(() -> send(new ActiveMQTopic("data.tenant-a.friend")));
    }

    @Test
    void queuesAreNotBrowsed() {
        assertRefused(() -> session.createBrowser((Queue) new ActiveMQQueue("control.tenant-b.bob"))
                .getEnumeration()
                .hasMoreElements());
        assertRefused(() -> session.createBrowser((Queue) new ActiveMQQueue("control.tenant-a.eve"))
                .getEnumeration()
                .hasMoreElements());
    }

    @Test
    void durableSubscriptionsAreNotMade() throws Exception {
        connect("data");

        assertRefused(() -> session.createDurableSubscriber(new ActiveMQTopic("data.tenant-a.eve"), "kept"));
    }

    @Test
    void temporaryDestinationsAreNotMade() {
        assertRefused(() -> session.createTemporaryQueue());
        ConsumerInfo foreign = new ConsumerInfo(
                new ConsumerId(connection.getConnectionInfo().getConnectionId().getValue() + ":1:99"));
        foreign.setDestination(new ActiveMQTempQueue("ID:somebody:1"));
        assertRefused(() -> command(foreign));
    }

    @Test
    void transactionsAreNotBegun() throws Exception {
        Session transacted = connection.createSession(true, Session.SESSION_TRANSACTED);

        assertThatThrownBy(() -> {
                    transacted.createProducer(null).send(new ActiveMQQueue("control.tenant-a.friend"), frame());
                    transacted.commit();
                })
                .isInstanceOf(JMSException.class);
    }

    @Test
    void messagesOfOtherKindsAreRefused() {
        assertRefused(() -> session.createProducer(null)
                .send(new ActiveMQQueue("control.tenant-a.friend"), session.createTextMessage("text")));
        assertRefused(() -> session.createProducer(null)
                .send(new ActiveMQQueue("control.tenant-a.friend"), session.createObjectMessage("object")));
    }

    @Test
    void framesThatAreTooLargeAreRefused() {
        ActiveMQBytesMessage message = new ActiveMQBytesMessage();
        message.setContent(new ByteSequence(new byte[81 * 1024]));

        assertRefused(() -> session.createProducer(null).send(new ActiveMQQueue("control.tenant-a.friend"), message));
    }

    @Test
    void whatAFrameSaysOfItselfDoesNotArrive() throws Exception {
        NetworkIdentity friend = network.agent(FRIEND, broker.address());
        ActiveMQConnection other = DirectClient.open(friend, broker.address(), "control");
        MessageConsumer reader = other.createSession(false, Session.AUTO_ACKNOWLEDGE)
                .createConsumer(new ActiveMQQueue("control.tenant-a.friend"));
        ActiveMQBytesMessage message = frame();
        message.setStringProperty("role", "controller");
        message.setJMSReplyTo(new ActiveMQQueue("control.tenant-b.bob"));
        message.setJMSCorrelationID("other");
        message.setJMSType("command");
        message.setGroupID("group");

        send(new ActiveMQQueue("control.tenant-a.friend"), message);

        Message arrived = reader.receive(10_000);
        assertThat(arrived.propertyExists("role")).isFalse();
        assertThat(arrived.getJMSReplyTo()).isNull();
        assertThat(arrived.getJMSCorrelationID()).isNull();
        assertThat(arrived.getJMSType()).isNull();
        assertThat(arrived.getJMSExpiration() - arrived.getJMSTimestamp()).isEqualTo(3_600_000);
        assertThat(((ActiveMQBytesMessage) arrived).getGroupID()).isNull();
        other.close();
    }

    private void send(Destination destination, Message message) throws JMSException {
        session.createProducer(null).send(destination, message);
    }

    @Test
    void topicsThatNobodyReadsAreNotMade() throws Exception {
        connect("data");

        MessageProducer producer = session.createProducer(null);
        for (int number = 0; number < 10; number++) {
            producer.send(new ActiveMQTopic("data.tenant-a.nobody-" + number), frame());
        }

        assertThat(broker.service().getBroker().getDestinations())
                .noneMatch(destination -> destination.getPhysicalName().startsWith("data.tenant-a.nobody"));
    }

    @Test
    void aConnectionHasFewSessionsAndProducers() {
        assertThatThrownBy(() -> {
                    for (int number = 0; number < 10; number++) {
                        connection
                                .createSession(false, Session.AUTO_ACKNOWLEDGE)
                                .createConsumer(new ActiveMQQueue("control.tenant-a.eve"));
                    }
                })
                .isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> {
                    for (int number = 0; number < 10; number++) {
                        session.createProducer(null);
                    }
                })
                .isInstanceOf(JMSException.class);
    }

    @Test
    void destinationsAreNotRemovedOrMade() {
        ConnectionId own = connection.getConnectionInfo().getConnectionId();
        ActiveMQQueue bobs = new ActiveMQQueue("control.tenant-b.bob");

        assertRefused(() -> command(new DestinationInfo(own, DestinationInfo.REMOVE_OPERATION_TYPE, bobs)));
        assertRefused(() -> command(new DestinationInfo(own, DestinationInfo.ADD_OPERATION_TYPE, bobs)));
        assertRefused(() -> connection.destroyDestination(new ActiveMQQueue("control.tenant-a.eve")));
    }

    private void command(Command command) throws JMSException {
        connection.syncSendPacket(command);
    }

    @Test
    void idsOfOthersAreOfNoUse() throws Exception {
        ActiveMQConnection other = DirectClient.open(bob, broker.address(), "control");
        MessageConsumer reader = other.createSession(false, Session.AUTO_ACKNOWLEDGE)
                .createConsumer(new ActiveMQQueue("control.tenant-b.bob"));
        ConnectionId bobs = other.getConnectionInfo().getConnectionId();
        ConsumerId consumer = new ConsumerId(bobs.getValue() + ":1:1");
        ConsumerInfo taken = new ConsumerInfo(consumer);
        taken.setDestination(new ActiveMQQueue("control.tenant-a.eve"));
        taken.setPrefetchSize(1);
        MessageAck acknowledgement = new MessageAck();
        acknowledgement.setConsumerId(consumer);
        acknowledgement.setDestination(new ActiveMQQueue("control.tenant-b.bob"));
        acknowledgement.setAckType(MessageAck.STANDARD_ACK_TYPE);
        acknowledgement.setMessageCount(1);

        assertRefused(() -> command(taken));
        assertRefused(() -> command(acknowledgement));
        assertRefused(() -> command(new RemoveInfo(consumer)));
        assertRefused(() -> command(new RemoveInfo(bobs)));

        ActiveMQBytesMessage message = frame();
        NetworkIdentity friend = network.agent(AgentAddress.parse("tenant-b/carol"), broker.address());
        ActiveMQConnection carol = DirectClient.open(friend, broker.address(), "control");
        carol.createSession(false, Session.AUTO_ACKNOWLEDGE)
                .createProducer(null)
                .send(new ActiveMQQueue("control.tenant-b.bob"), message);
        assertThat(reader.receive(10_000)).isNotNull();
        carol.close();
        other.close();
    }

    @ParameterizedTest
    @CsvSource({
        "tenant-a/eve/control/, tenant-b/bob/control/x",
        "tenant-b/bob/control/, tenant-b/bob/control/x",
        "tenant-b/bob/control/, tenant-a/eve/control/x",
        "tenant-a/eve/control/, tenant-a/eve/data/x",
        "central->north, control_north_outbound"
    })
    void connectionsWithTheNamesOfOthersAreRefused(String connectionId, String clientId) {
        assertThatThrownBy(() -> DirectClient.open(eve, broker.address(), connectionId, clientId))
                .isInstanceOf(JMSException.class);
    }

    @Test
    void idsOfConnectionsOfOthersEndNothing() throws Exception {
        ActiveMQConnection other = DirectClient.open(bob, broker.address(), "control");
        Session reading = other.createSession(false, Session.AUTO_ACKNOWLEDGE);
        ConnectionId bobs = other.getConnectionInfo().getConnectionId();

        assertThatThrownBy(() -> DirectClient.openAs(eve, broker.address(), bobs))
                .isInstanceOf(JMSException.class);

        assertThatCode(() -> reading.createConsumer(new ActiveMQQueue("control.tenant-b.bob")))
                .doesNotThrowAnyException();
        other.close();
    }

    @Test
    void messagesWithTheIdsOfOthersAreRefused() {
        ActiveMQBytesMessage message = frame();
        ProducerId foreign = new ProducerId("tenant-b/bob/control/-1:1:1:1");
        message.setProducerId(foreign);
        message.setMessageId(new MessageId(foreign, 1));
        message.setDestination(new ActiveMQQueue("control.tenant-b.bob"));

        assertRefused(() -> command(message));
    }

    @Test
    void agentsDoNotPassForBrokers() throws Exception {
        BrokerInfo info = new BrokerInfo();
        info.setBrokerId(new BrokerId("eve"));
        info.setBrokerName("eve");
        info.setNetworkConnection(true);
        info.setDuplexConnection(true);
        info.setNetworkProperties("");

        assertThatThrownBy(() -> command(info)).isInstanceOf(JMSException.class);
        assertThatThrownBy(() -> DirectClient.openWith(eve, broker.address(), info))
                .isInstanceOf(JMSException.class);
    }

    @Test
    void remoteControlAndForeignSubscriptionsAreRefused() {
        ControlCommand shutdown = new ControlCommand();
        shutdown.setCommand("shutdown");
        RemoveSubscriptionInfo subscription = new RemoveSubscriptionInfo();
        subscription.setConnectionId(connection.getConnectionInfo().getConnectionId());
        subscription.setClientId("tenant-b/bob/data/x");
        subscription.setSubscriptionName("kept");

        assertRefused(() -> command(shutdown));
        assertRefused(() -> command(subscription));
    }

    @Test
    void controllersThatAreClientsReadOnlyWhatIsTheirs() throws Exception {
        NetworkIdentity controller = network.agent(AgentAddress.parse("platform/south"), broker.address());
        ActiveMQConnection client = DirectClient.open(controller, broker.address(), "control");
        Session reading = client.createSession(false, Session.AUTO_ACKNOWLEDGE);

        assertRefused(() -> reading.createConsumer(new ActiveMQQueue("control.tenant-b.bob")));
        assertRefused(() -> reading.createConsumer(new ActiveMQQueue("control.platform.central")));
        assertThatCode(() -> {
                    reading.createConsumer(new ActiveMQQueue("control.platform.south"));
                    reading.createProducer(null).send(new ActiveMQQueue("control.tenant-b.bob"), frame());
                })
                .doesNotThrowAnyException();
        client.close();
    }
}
