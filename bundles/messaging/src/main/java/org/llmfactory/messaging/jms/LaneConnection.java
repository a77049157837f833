package org.llmfactory.messaging.jms;

import jakarta.jms.DeliveryMode;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQMessageProducer;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.AsyncCallback;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.transport.DefaultTransportListener;
import org.apache.activemq.util.ByteSequence;
import org.jspecify.annotations.Nullable;
import org.llmfactory.messaging.link.LaneDestination;
import org.llmfactory.messaging.link.Link;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lane's connection to one broker, from when it is dialed until it has gone. */
final class LaneConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LaneConnection.class);

    private final LaneDestination own;
    private final X509Certificate presented;
    private final Runnable onDown;
    private final ActiveMQConnection connection;
    private final ActiveMQSession sending;
    private final ActiveMQMessageProducer producer;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private @Nullable MessageConsumer consumer;

    /**
     * Dials.
     *
     * @param presented the certificate that this connection shows
     * @param onDown told once when the connection is lost, from a thread of it
     */
    LaneConnection(BrokerDialer dialer, LaneDestination own, X509Certificate presented, String nonce, Runnable onDown)
            throws JMSException, CertificateException {
        this.own = own;
        this.presented = presented;
        this.onDown = onDown;
        connection = dialer.dial(nonce);
        try {
            connection.addTransportListener(new DefaultTransportListener() {
                @Override
                public void onException(IOException error) {
                    lost();
                }
            });
            // What the broker refuses of frames that nobody waits for.
            connection.setClientInternalExceptionListener(error -> LOG.debug("{}: refused", own.name(), error));
            connection.start();
            sending = (ActiveMQSession) connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            producer = (ActiveMQMessageProducer) sending.createProducer(null);
            if (connection.isTransportFailed()) {
                throw new JMSException("The connection was lost while it opened");
            }
        } catch (JMSException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** To be told that the connection is of no use any more. */
    void lost() {
        if (open.compareAndSet(true, false)) {
            onDown.run();
        }
    }

    boolean isOpen() {
        return open.get();
    }

    X509Certificate presented() {
        return presented;
    }

    /** Sends without waiting for the broker to have it, unless the connection itself is full. */
    void send(LaneDestination to, byte[] frame, long timeToLiveMillis) throws JMSException {
        ActiveMQBytesMessage message = message(frame);
        synchronized (producer) {
            producer.send(
                    destination(to), message, DeliveryMode.NON_PERSISTENT, Message.DEFAULT_PRIORITY, timeToLiveMillis);
        }
    }

    /** Sends for the broker to keep, and tells when it does. */
    void sendKept(LaneDestination to, byte[] frame, long timeToLiveMillis, AsyncCallback confirmed)
            throws JMSException {
        ActiveMQBytesMessage message = message(frame);
        synchronized (producer) {
            producer.send(
                    destination(to),
                    message,
                    DeliveryMode.PERSISTENT,
                    Message.DEFAULT_PRIORITY,
                    timeToLiveMillis,
                    confirmed);
        }
    }

    private static ActiveMQBytesMessage message(byte[] frame) {
        ActiveMQBytesMessage message = new ActiveMQBytesMessage();
        message.setContent(new ByteSequence(frame));
        return message;
    }

    private static ActiveMQDestination destination(LaneDestination to) {
        return to.isQueue() ? new ActiveMQQueue(to.name()) : new ActiveMQTopic(to.name());
    }

    /** Hears what is for this agent from now on; without effect when it does already. */
    synchronized void receive(Consumer<byte[]> receiver) throws JMSException {
        if (consumer != null) {
            return;
        }
        // Topics acknowledge in batches: what is lost with a connection is sent again by whoever needs it.
        int mode = own.isQueue() ? Session.AUTO_ACKNOWLEDGE : Session.DUPS_OK_ACKNOWLEDGE;
        ActiveMQSession session = (ActiveMQSession) connection.createSession(false, mode);
        consumer = session.createConsumer(destination(own), message -> deliver(message, receiver));
    }

    private static void deliver(Message message, Consumer<byte[]> receiver) {
        if (!(message instanceof ActiveMQBytesMessage bytes) || bytes.isCompressed()) {
            LOG.debug("Something that is no frame arrived and is left out");
            return;
        }
        ByteSequence content = bytes.getContent();
        if (content == null || content.getLength() > Link.MAXIMUM_FRAME) {
            LOG.debug("A frame that is empty or too large arrived and is left out");
            return;
        }
        byte[] data = content.getData();
        int end = content.getOffset() + content.getLength();
        receiver.accept(
                content.getOffset() == 0 && end == data.length
                        ? data
                        : Arrays.copyOfRange(data, content.getOffset(), end));
    }

    /** Hears nothing any more. */
    synchronized void ignore() throws JMSException {
        MessageConsumer former = consumer;
        consumer = null;
        if (former != null) {
            former.close();
        }
    }

    @Override
    public void close() {
        open.set(false);
        try {
            connection.close();
        } catch (JMSException e) {
            LOG.debug("{}: a connection did not close in order", own.name(), e);
        }
    }
}
