package org.llmfactory.itest.network;

import jakarta.jms.JMSException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLContext;
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
import org.llmfactory.messaging.tls.MutualTls;
import org.llmfactory.messaging.tls.Presented;

/** Somebody who has an agent's key and speaks to its broker with ActiveMQ's own client. */
final class DirectClient extends ActiveMQConnectionFactory {
    private static final int DEADLINE_MILLIS = 20_000;

    private final SSLContext tls;

    private DirectClient(SSLContext tls, URI broker) {
        super(URI.create(broker + "?socket.verifyHostName=false"));
        this.tls = tls;
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
        return open(identity.self(), identity.tls(), identity.brokers().get(0), lane);
    }

    /** Connects to a machine's broker as its agent, but with the key and certificate of somebody else. */
    static ActiveMQConnection open(Machine machine, Lane lane, NetworkIdentity other) throws JMSException {
        NetworkIdentity identity = identity(machine);
        SSLContext tls = MutualTls.of(() -> new Presented(other.chain(), other.key()), identity.trust());
        return open(identity.self(), tls, identity.brokers().get(0), lane);
    }

    private static ActiveMQConnection open(AgentAddress self, SSLContext tls, URI broker, Lane lane)
            throws JMSException {
        String prefix = new LaneDestination(lane, self).prefix();
        DirectClient client = new DirectClient(tls, broker);
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
        SslContext context = new SslContext();
        context.setSSLContext(tls);
        SslContext.setCurrentSslContext(context);
        try {
            return super.createTransport();
        } finally {
            SslContext.setCurrentSslContext(null);
        }
    }
}
