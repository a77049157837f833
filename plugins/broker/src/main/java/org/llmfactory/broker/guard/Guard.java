package org.llmfactory.broker.guard;

import jakarta.jms.ResourceAllocationException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.BrokerFilter;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.broker.ProducerBrokerExchange;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.broker.region.Subscription;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ConnectionInfo;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.DestinationInfo;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.ProducerInfo;
import org.apache.activemq.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.identity.Trust;
import org.llmfactory.messaging.link.LaneDestination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides from certificates who may do what. An agent reads only what is its own and writes where {@link
 * AgentAddress#mayReach} lets it, one lane a connection; controllers that are plain clients no more than that. Bridges of
 * controllers read and write every lane destination. Nobody makes or removes destinations.
 */
public final class Guard extends BrokerFilter {
    private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

    /** For the frames that are under way to the former connection when an agent comes with a new one. */
    private static final long SUCCESSION_MILLIS = 2000;

    private static final long EXPIRY_CHECK_MILLIS = 5000;

    private final Trust trust;
    private final Peers peers;
    private final Capacity capacity;
    private @Nullable AutoCloseable revocations;

    /** @param trust who is believed */
    public Guard(Broker next, Trust trust) {
        super(next);
        this.trust = trust;
        this.peers = new Peers(trust);
        this.capacity = new Capacity(next);
    }

    @Override
    public void start() throws Exception {
        super.start();
        revocations = trust.onRevocation(peers::verify);
        getBrokerService().getScheduler().executePeriodically(peers::expire, EXPIRY_CHECK_MILLIS);
    }

    @Override
    public void stop() throws Exception {
        AutoCloseable listening = revocations;
        if (listening != null) {
            listening.close();
        }
        super.stop();
    }

    @Override
    public void addConnection(ConnectionContext context, ConnectionInfo info) throws Exception {
        Peer peer = identify(context, info);
        context.setSecurityContext(peer);
        super.addConnection(context, info);
        peers.add(peer);
    }

    private Peer identify(ConnectionContext context, ConnectionInfo info) {
        if (!(info.getTransportContext() instanceof X509Certificate[] shown)) {
            throw new SecurityException("A connection shows a certificate");
        }
        List<X509Certificate> chain = List.of(shown);
        AgentAddress address = verified(chain);
        boolean bridge = context.isNetworkConnection() || !(context.getConnection() instanceof GuardedConnection);
        if (bridge && !address.isController()) {
            throw new SecurityException(address + " is no controller and builds no bridges");
        }
        Optional<LaneDestination> own = bridge ? Optional.empty() : Optional.of(lane(address, info));
        return new Peer(address, chain, context.getConnection(), own);
    }

    private AgentAddress verified(List<X509Certificate> chain) {
        try {
            return trust.verify(chain);
        } catch (CertificateException e) {
            throw new SecurityException(e.getMessage(), e);
        }
    }

    /** The lane that a client's id names; the id of the connection has to begin with the same. */
    private static LaneDestination lane(AgentAddress address, ConnectionInfo info) {
        return Arrays.stream(Lane.values())
                .map(lane -> new LaneDestination(lane, address))
                .filter(own -> String.valueOf(info.getClientId()).startsWith(own.prefix()))
                .filter(own -> info.getConnectionId().getValue().startsWith(own.prefix()))
                .findFirst()
                .orElseThrow(() -> new SecurityException("The ids of a connection of " + address + " begin with "
                        + address + "/<lane>/; these are " + info.getClientId() + " and " + info.getConnectionId()));
    }

    @Override
    public void removeConnection(ConnectionContext context, ConnectionInfo info, Throwable error) throws Exception {
        if (context.getSecurityContext() instanceof Peer peer) {
            peers.remove(peer);
        }
        super.removeConnection(context, info, error);
    }

    private static Peer peer(ConnectionContext context) {
        if (context.getSecurityContext() instanceof Peer peer) {
            return peer;
        }
        throw new SecurityException("Nobody knows whose connection this is");
    }

    private static boolean isBrokerItself(ConnectionContext context) {
        return context.getSecurityContext() != null
                && context.getSecurityContext().isBrokerContext();
    }

    @Override
    public Subscription addConsumer(ConnectionContext context, ConsumerInfo info) throws Exception {
        Peer peer = peer(context);
        if (peer.own().isEmpty()) {
            Readers.requireBridged(info.getDestination());
            return super.addConsumer(context, info);
        }
        if (!Readers.lane(info.getDestination()).equals(peer.own().get()) || info.isBrowser() || info.isDurable()) {
            throw new SecurityException(peer.address() + " may not read " + info.getDestination());
        }
        Readers.makePlain(info);
        Subscription subscription = super.addConsumer(context, info);
        Scheduler scheduler = getBrokerService().getScheduler();
        scheduler.executeAfterDelay(() -> peers.succeed(peer), SUCCESSION_MILLIS);
        return subscription;
    }

    @Override
    public void addProducer(ConnectionContext context, ProducerInfo info) throws Exception {
        Peer peer = peer(context);
        if (info.getDestination() != null) {
            throw new SecurityException(peer.address() + " is to say with each frame where it goes");
        }
        super.addProducer(context, info);
    }

    private static void requireWritable(Peer peer, LaneDestination to) {
        Optional<LaneDestination> own = peer.own();
        if (own.isPresent() && !(own.get().lane() == to.lane() && peer.address().mayReach(to.agent()))) {
            throw new SecurityException(peer.address() + " may not write to " + to.name() + " here");
        }
    }

    @Override
    public void send(ProducerBrokerExchange exchange, Message message) throws Exception {
        Peer peer = peer(exchange.getConnectionContext());
        LaneDestination to = Readers.lane(message.getDestination());
        requireWritable(peer, to);
        boolean relayed = peer.own().isEmpty();
        if (relayed && message.isExpired()) {
            return;
        }
        Message frame = Frames.rewritten(message, to.lane(), relayed, System.currentTimeMillis());
        if (capacity.hasRoom(to, message.getDestination())) {
            super.send(exchange, frame);
        } else if (to.isQueue() && !relayed) {
            throw new ResourceAllocationException("Too much waits for " + to.agent() + " already");
        } else {
            LOG.debug("A frame for {} is dropped: too much waits there", to.name());
        }
    }

    /** Destinations come into being when somebody who may do so reads or writes them. */
    @Override
    public Destination addDestination(ConnectionContext context, ActiveMQDestination destination, boolean temporary)
            throws Exception {
        if (!isBrokerItself(context)) {
            requireUsable(peer(context), destination);
        }
        return super.addDestination(context, destination, temporary);
    }

    private static void requireUsable(Peer peer, ActiveMQDestination destination) {
        if (peer.own().isPresent()) {
            LaneDestination lane = Readers.lane(destination);
            if (!lane.equals(peer.own().get())) {
                requireWritable(peer, lane);
            }
        }
    }

    @Override
    public void removeDestination(ConnectionContext context, ActiveMQDestination destination, long timeout)
            throws Exception {
        requireBrokerItself(context);
        super.removeDestination(context, destination, timeout);
    }

    @Override
    public void addDestinationInfo(ConnectionContext context, DestinationInfo info) throws Exception {
        requireBrokerItself(context);
        super.addDestinationInfo(context, info);
    }

    @Override
    public void removeDestinationInfo(ConnectionContext context, DestinationInfo info) throws Exception {
        requireBrokerItself(context);
        super.removeDestinationInfo(context, info);
    }

    private static void requireBrokerItself(ConnectionContext context) {
        if (!isBrokerItself(context)) {
            throw new SecurityException("Nobody makes or removes destinations");
        }
    }
}
