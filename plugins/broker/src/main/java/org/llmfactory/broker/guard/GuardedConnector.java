package org.llmfactory.broker.guard;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.activemq.broker.Connection;
import org.apache.activemq.broker.TransportConnector;
import org.apache.activemq.transport.Transport;

/** The one door of the broker: whoever comes in is watched command by command. */
public final class GuardedConnector extends TransportConnector {
    /** A link has at most two of anything. What bridges have they have inside the broker. */
    static final int FEW = 4;

    /** @param listen with ActiveMQ's options */
    public GuardedConnector(URI listen) {
        setUri(listen);
        setName("network");
        setMaximumConsumersAllowedPerConnection(FEW);
        setMaximumProducersAllowedPerConnection(FEW);
    }

    @Override
    protected Connection createConnection(Transport transport) {
        GuardedConnection connection = new GuardedConnection(
                this,
                transport,
                getBroker(),
                getTaskRunnerFactory(),
                getBrokerService().getTaskRunnerFactory());
        connection.getStatistics().setEnabled(getStatistics().isEnabled());
        return connection;
    }

    /** The TCP port that it listens on. */
    public int port() {
        try {
            return getConnectUri().getPort();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("The connector has no address", e);
        }
    }
}
