package org.llmfactory.broker;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.broker.SslContext;
import org.apache.activemq.command.Command;
import org.apache.activemq.command.ConnectionId;
import org.apache.activemq.transport.Transport;
import org.apache.activemq.util.JMSExceptionSupport;
import org.llmfactory.messaging.identity.NetworkIdentity;

/** Somebody who speaks to a broker with ActiveMQ's own client, and says whatever he likes. */
final class DirectClient extends ActiveMQConnectionFactory {
    private final NetworkIdentity identity;

    private DirectClient(NetworkIdentity identity, URI broker) {
        super(URI.create(broker + "?socket.verifyHostName=false"));
        this.identity = identity;
        setWatchTopicAdvisories(false);
        setTrustedPackages(List.of());
        setUseAsyncSend(false);
        setAlwaysSyncSend(true);
        setSendTimeout(10_000);
        setConnectResponseTimeout(10_000);
        setCloseTimeout(2000);
    }

    /** Connects as an agent's link would, for a lane. */
    static ActiveMQConnection open(NetworkIdentity identity, URI broker, String lane) throws JMSException {
        String prefix = identity.self() + "/" + lane + "/";
        return open(identity, broker, prefix, prefix + "direct");
    }

    /** Connects with ids of one's own choice. */
    static ActiveMQConnection open(NetworkIdentity identity, URI broker, String connectionId, String clientId)
            throws JMSException {
        DirectClient client = new DirectClient(identity, broker);
        client.setConnectionIDPrefix(connectionId);
        ActiveMQConnection connection = (ActiveMQConnection) client.createConnection();
        try {
            connection.setClientID(clientId);
            connection.start();
            return connection;
        } catch (JMSException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Connects with the id that another connection has. */
    static ActiveMQConnection openAs(NetworkIdentity identity, URI broker, ConnectionId other) throws JMSException {
        ActiveMQConnection connection = (ActiveMQConnection) new DirectClient(identity, broker).createConnection();
        try {
            connection.getConnectionInfo().setConnectionId(other);
            connection.setClientID(identity.self() + "/control/x");
            return connection;
        } catch (JMSException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Connects after having said something else. */
    static ActiveMQConnection openWith(NetworkIdentity identity, URI broker, Command first) throws JMSException {
        DirectClient client = new DirectClient(identity, broker);
        client.setConnectionIDPrefix(identity.self() + "/control/");
        ActiveMQConnection connection = (ActiveMQConnection) client.createConnection();
        try {
            connection.getTransport().oneway(first);
            connection.setClientID(identity.self() + "/control/x");
            return connection;
        } catch (IOException e) {
            connection.close();
            throw JMSExceptionSupport.create(e);
        } catch (JMSException | RuntimeException e) {
            connection.close();
            throw e;
        }
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
