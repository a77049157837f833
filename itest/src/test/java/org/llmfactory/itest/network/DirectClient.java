package org.llmfactory.itest.network;

import jakarta.jms.JMSException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.broker.SslContext;
import org.apache.activemq.transport.Transport;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.keeper.HomeIdentityKeeper;
import org.llmfactory.messaging.keeper.Publication;
import org.llmfactory.messaging.link.LaneDestination;

/** Somebody who has an agent's key and speaks to its broker with ActiveMQ's own client. */
final class DirectClient extends ActiveMQConnectionFactory {
    private static final int DEADLINE_MILLIS = 20_000;

    private final NetworkIdentity identity;

    private DirectClient(NetworkIdentity identity, URI broker) {
        super(URI.create(broker + "?socket.verifyHostName=false"));
        this.identity = identity;
        setWatchTopicAdvisories(false);
        setTrustedPackages(List.of());
        setUseAsyncSend(false);
        setAlwaysSyncSend(true);
        setSendTimeout(DEADLINE_MILLIS);
        setConnectResponseTimeout(DEADLINE_MILLIS);
        setCloseTimeout(2000);
    }

    /** Connects as the link of a machine's agent would, with what lies in its home. */
    static ActiveMQConnection open(Machine machine, Lane lane) throws JMSException {
        NetworkIdentity identity = identity(machine);
        String prefix = new LaneDestination(lane, identity.self()).prefix();
        DirectClient client = new DirectClient(identity, identity.brokers().get(0));
        client.setConnectionIDPrefix(prefix);
        ActiveMQConnection connection = (ActiveMQConnection) client.createConnection();
        try {
            connection.setClientID(prefix + "direct");
            connection.start();
            return connection;
        } catch (JMSException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Who the agent of a machine is. */
    static AgentAddress address(Machine machine) {
        return identity(machine).self();
    }

    private static NetworkIdentity identity(Machine machine) {
        return new HomeIdentityKeeper(new NetworkFolder(machine.home()), Clock.systemUTC(), Publication.NONE)
                .identity()
                .orElseThrow();
    }

    @Override
    protected Transport createTransport() throws JMSException {
        SslContext tls = new SslContext();
        tls.setSSLContext(identity.tls());
        SslContext.setCurrentSslContext(tls);
        try {
            return super.createTransport();
        } finally {
            SslContext.setCurrentSslContext(null);
        }
    }
}
