package org.llmfactory.broker.guard;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.TransportConnection;
import org.apache.activemq.command.BrokerInfo;
import org.apache.activemq.command.BrokerSubscriptionInfo;
import org.apache.activemq.command.ConnectionControl;
import org.apache.activemq.command.ConnectionId;
import org.apache.activemq.command.ConnectionInfo;
import org.apache.activemq.command.ConsumerControl;
import org.apache.activemq.command.ConsumerId;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.ControlCommand;
import org.apache.activemq.command.DestinationInfo;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageDispatchNotification;
import org.apache.activemq.command.MessagePull;
import org.apache.activemq.command.ProducerId;
import org.apache.activemq.command.ProducerInfo;
import org.apache.activemq.command.RemoveSubscriptionInfo;
import org.apache.activemq.command.Response;
import org.apache.activemq.command.SessionId;
import org.apache.activemq.command.SessionInfo;
import org.apache.activemq.command.TransactionInfo;
import org.apache.activemq.thread.TaskRunnerFactory;
import org.apache.activemq.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A connection from another machine. Lets through only the commands that an agent's link or a controller's bridge has use
 * for, and only with ids of this connection: ActiveMQ itself believes whatever ids a client names.
 */
final class GuardedConnection extends TransportConnection {
    private final Set<SessionId> sessions = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ConnectionId id;

    GuardedConnection(
            GuardedConnector connector,
            Transport transport,
            Broker broker,
            TaskRunnerFactory dispatching,
            TaskRunnerFactory stopping) {
        super(connector, transport, broker, dispatching, stopping);
    }

    @Override
    public Response processAddConnection(ConnectionInfo info) throws Exception {
        ConnectionId named = info.getConnectionId();
        if (id != null || named == null) {
            throw new SecurityException("A connection is opened once");
        }
        // What is there already belongs to somebody else; ActiveMQ would end it.
        if (brokerConnectionStates.containsKey(named)) {
            throw new SecurityException("The id of this connection is in use");
        }
        id = named;
        return super.processAddConnection(info);
    }

    private void requireOwn(@Nullable ConnectionId named) {
        if (id == null || !id.equals(named)) {
            throw new SecurityException("That id belongs to another connection");
        }
    }

    private void requireOwn(@Nullable SessionId session) {
        requireOwn(session == null ? null : session.getParentId());
    }

    private void requireOwn(@Nullable ConsumerId consumer) {
        requireOwn(consumer == null ? null : consumer.getParentId());
    }

    private void requireOwn(@Nullable ProducerId producer) {
        requireOwn(producer == null ? null : producer.getParentId());
    }

    @Override
    public synchronized Response processRemoveConnection(ConnectionId connection, long lastDelivered)
            throws InterruptedException {
        requireOwn(connection);
        return super.processRemoveConnection(connection, lastDelivered);
    }

    @Override
    public Response processAddSession(SessionInfo info) throws Exception {
        requireOwn(info.getSessionId());
        if (sessions.add(info.getSessionId()) && sessions.size() > GuardedConnector.FEW) {
            throw refused("room for more sessions of one connection");
        }
        return super.processAddSession(info);
    }

    @Override
    public Response processRemoveSession(SessionId session, long lastDelivered) throws Exception {
        requireOwn(session);
        sessions.remove(session);
        return super.processRemoveSession(session, lastDelivered);
    }

    @Override
    public Response processAddConsumer(ConsumerInfo info) throws Exception {
        requireOwn(info.getConsumerId());
        return super.processAddConsumer(info);
    }

    @Override
    public Response processRemoveConsumer(ConsumerId consumer, long lastDelivered) throws Exception {
        requireOwn(consumer);
        return super.processRemoveConsumer(consumer, lastDelivered);
    }

    @Override
    public Response processAddProducer(ProducerInfo info) throws Exception {
        requireOwn(info.getProducerId());
        return super.processAddProducer(info);
    }

    @Override
    public Response processRemoveProducer(ProducerId producer) throws Exception {
        requireOwn(producer);
        return super.processRemoveProducer(producer);
    }

    @Override
    public Response processMessage(Message message) throws Exception {
        requireOwn(message.getProducerId());
        if (message.getMessageId() == null
                || !message.getProducerId().equals(message.getMessageId().getProducerId())) {
            throw new SecurityException("A message's id is its producer's");
        }
        return super.processMessage(message);
    }

    @Override
    public Response processMessageAck(MessageAck acknowledgement) throws Exception {
        requireOwn(acknowledgement.getConsumerId());
        if (acknowledgement.isInTransaction()) {
            throw refused("transactions");
        }
        return super.processMessageAck(acknowledgement);
    }

    /** What ActiveMQ would take from a bridge before it knows whose it is, it takes from controllers only. */
    @Override
    public Response processBrokerInfo(BrokerInfo info) throws IOException {
        if (id != null) {
            throw new IOException("A bridge says so before anything else");
        }
        return super.processBrokerInfo(info);
    }

    private static SecurityException refused(String what) {
        return new SecurityException("This broker has no " + what);
    }

    @Override
    public Response processBeginTransaction(TransactionInfo info) {
        throw refused("transactions");
    }

    @Override
    public Response processEndTransaction(TransactionInfo info) {
        throw refused("transactions");
    }

    @Override
    public Response processPrepareTransaction(TransactionInfo info) {
        throw refused("transactions");
    }

    @Override
    public Response processCommitTransactionOnePhase(TransactionInfo info) {
        throw refused("transactions");
    }

    @Override
    public Response processCommitTransactionTwoPhase(TransactionInfo info) {
        throw refused("transactions");
    }

    @Override
    public Response processRollbackTransaction(TransactionInfo info) {
        throw refused("transactions");
    }

    @Override
    public Response processForgetTransaction(TransactionInfo info) {
        throw refused("transactions");
    }

    @Override
    public Response processRecoverTransactions(TransactionInfo info) {
        throw refused("transactions");
    }

    @Override
    public Response processAddDestination(DestinationInfo info) {
        throw refused("destinations to make");
    }

    @Override
    public Response processRemoveDestination(DestinationInfo info) {
        throw refused("destinations to remove");
    }

    @Override
    public Response processRemoveSubscription(RemoveSubscriptionInfo info) {
        throw refused("durable subscriptions");
    }

    @Override
    public Response processMessagePull(MessagePull pull) {
        throw refused("pulling of messages");
    }

    @Override
    public Response processMessageDispatchNotification(MessageDispatchNotification notification) {
        throw refused("replicas");
    }

    @Override
    public Response processControlCommand(ControlCommand command) {
        throw refused("remote control");
    }

    @Override
    public Response processConnectionControl(ConnectionControl control) {
        throw refused("fault-tolerant connections");
    }

    @Override
    public Response processConsumerControl(ConsumerControl control) {
        throw refused("changes of consumers");
    }

    @Override
    public Response processBrokerSubscriptionInfo(BrokerSubscriptionInfo info) {
        throw refused("durable subscriptions");
    }
}
