package org.llmfactory.messaging.jms;

import jakarta.jms.JMSException;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQPrefetchPolicy;
import org.apache.activemq.broker.SslContext;
import org.apache.activemq.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.link.LaneDestination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Dials a broker for a lane: mutual TLS, and nothing said before the broker has shown a controller's certificate. */
final class BrokerDialer extends ActiveMQConnectionFactory {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerDialer.class);
    private static final int OPEN_SECONDS = 10;

    /** Names of hosts are not what certificates of this network speak of; the address they name is checked instead. */
    private static final String OPTIONS = "?socket.verifyHostName=false&socket.enabledProtocols=TLSv1.3"
            + "&connectionTimeout=5000&tcpNoDelay=true"
            + "&wireFormat.maxInactivityDuration=10000&wireFormat.maxInactivityDurationInitalDelay=10000"
            + "&wireFormat.tcpNoDelayEnabled=true&wireFormat.tightEncodingEnabled=false"
            + "&wireFormat.maxFrameSize=262144";

    private final NetworkIdentity identity;
    private final LaneDestination own;
    private final ScheduledExecutorService timer;
    private volatile @Nullable Transport dialing;

    BrokerDialer(NetworkIdentity identity, LaneDestination own, URI broker, ScheduledExecutorService timer) {
        super(URI.create(plain(broker) + OPTIONS));
        this.identity = identity;
        this.own = own;
        this.timer = timer;
        setConnectionIDPrefix(own.prefix());
        setWatchTopicAdvisories(false);
        setCopyMessageOnSend(false);
        setUseAsyncSend(!own.isQueue());
        setDispatchAsync(true);
        setCheckForDuplicates(false);
        setMessagePrioritySupported(false);
        setConsumerExpiryCheckEnabled(false);
        setTrustedPackages(List.of());
        setConnectResponseTimeout((int) TimeUnit.SECONDS.toMillis(OPEN_SECONDS));
        setCloseTimeout(2000);
        setPrefetchPolicy(prefetch());
    }

    private static String plain(URI broker) {
        if (!"ssl".equals(broker.getScheme()) || broker.getHost() == null || broker.getPort() < 0) {
            throw new IllegalArgumentException(broker + " is no broker's address; one looks like ssl://host:61617");
        }
        return "ssl://" + broker.getHost() + ':' + broker.getPort();
    }

    /** Enough for the time an acknowledgement takes, little enough for memory: a frame has up to 80 KiB. */
    private static ActiveMQPrefetchPolicy prefetch() {
        ActiveMQPrefetchPolicy policy = new ActiveMQPrefetchPolicy();
        policy.setTopicPrefetch(256);
        policy.setQueuePrefetch(64);
        return policy;
    }

    /**
     * Connects and names this client.
     *
     * @param nonce tells this connection of the agent from its others
     * @throws CertificateException when the broker is no controller's
     */
    ActiveMQConnection dial(String nonce) throws JMSException, CertificateException {
        ScheduledFuture<?> patience = timer.schedule(this::giveUp, OPEN_SECONDS, TimeUnit.SECONDS);
        try {
            ActiveMQConnection connection = (ActiveMQConnection) createConnection();
            try {
                requireController(connection.getTransport());
                connection.setClientID(own.prefix() + nonce);
                return connection;
            } catch (JMSException | CertificateException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } finally {
            patience.cancel(false);
        }
    }

    /** A peer that never answers the handshake: its socket is closed under the hand that waits for it. */
    private void giveUp() {
        Transport transport = dialing;
        Socket socket = transport == null ? null : transport.narrow(Socket.class);
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("A socket did not close", e);
            }
        }
    }

    private void requireController(Transport transport) throws CertificateException {
        X509Certificate[] chain = transport.getPeerCertificates();
        if (chain == null) {
            throw new CertificateException("The broker showed no certificate");
        }
        AgentAddress broker = identity.trust().verify(List.of(chain));
        if (!broker.isController()) {
            throw new CertificateException("The broker is " + broker + ", which is no controller");
        }
    }

    @Override
    protected Transport createTransport() throws JMSException {
        SslContext former = SslContext.getCurrentSslContext();
        SslContext tls = new SslContext();
        tls.setSSLContext(identity.tls());
        SslContext.setCurrentSslContext(tls);
        try {
            Transport transport = super.createTransport();
            dialing = transport;
            return transport;
        } finally {
            SslContext.setCurrentSslContext(former);
        }
    }
}
