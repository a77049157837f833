package org.llmfactory.messaging.jms;

import jakarta.jms.JMSException;
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.link.LaneDestination;
import org.llmfactory.messaging.link.Link.Registration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one lane connected: to the first broker that takes it, again when the connection is lost, anew when the agent's
 * certificate was renewed or another broker is the right one. A connection that still works is left only when the next
 * one hears already, a moment later.
 */
final class LaneClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LaneClient.class);
    private static final Duration CHECK = Duration.ofSeconds(1);

    private final NetworkIdentity identity;
    private final LaneDestination own;
    private final Supplier<List<URI>> brokers;
    private final ScheduledExecutorService timer;
    private final @Nullable Outbox outbox;
    private final Semaphore signal = new Semaphore(0);
    private final Set<Runnable> upListeners = new CopyOnWriteArraySet<>();
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
    private final Object delivering = new Object();
    private final Thread keeper;
    private volatile @Nullable Consumer<byte[]> receiver;
    private volatile @Nullable LaneConnection current;
    private volatile boolean closed;
    private @Nullable URI connectedTo;
    private @Nullable LaneConnection retired;
    private long retiredSince;
    private String complaint = "";

    LaneClient(NetworkIdentity identity, Lane lane, Supplier<List<URI>> brokers, ScheduledExecutorService timer) {
        this.identity = identity;
        this.own = new LaneDestination(lane, identity.self());
        this.brokers = brokers;
        this.timer = timer;
        String name = "link-" + LaneDestination.text(lane);
        outbox = own.isQueue() ? new Outbox(name + "-outbox") : null;
        keeper = new Thread(this::keep, name);
        keeper.setDaemon(true);
        // ActiveMQ finds its parts by name, in this bundle.
        keeper.setContextClassLoader(LaneClient.class.getClassLoader());
    }

    void start() {
        keeper.start();
    }

    boolean isUp() {
        LaneConnection connection = current;
        return connection != null && connection.isOpen();
    }

    /** Asks to look again at what there is to connect to. */
    void check() {
        signal.release();
    }

    void send(AgentAddress to, byte[] frame, Duration timeToLive) throws InterruptedException {
        LaneDestination destination = new LaneDestination(own.lane(), to);
        if (outbox != null) {
            outbox.put(destination, frame, timeToLive);
            return;
        }
        LaneConnection connection = current;
        if (connection == null) {
            return;
        }
        try {
            connection.send(destination, frame, Math.max(1, timeToLive.toMillis()));
        } catch (JMSException e) {
            LOG.debug("{}: a frame for {} is lost", own.name(), to, e);
        }
    }

    Registration receive(Consumer<byte[]> heard) {
        synchronized (delivering) {
            if (receiver != null) {
                throw new IllegalStateException("The lane " + own.lane() + " has a receiver already");
            }
            receiver = heard;
        }
        check();
        return () -> {
            synchronized (delivering) {
                if (receiver == heard) {
                    receiver = null;
                }
            }
            check();
        };
    }

    Registration onUp(Runnable listener) {
        // An object of its own, since one listener may be registered twice.
        Runnable registered = () -> listener.run();
        upListeners.add(registered);
        return () -> upListeners.remove(registered);
    }

    private void keep() {
        try {
            while (!closed) {
                Duration pause = step();
                signal.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                signal.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closeRetired();
            leave(current);
        }
    }

    /** Looks after the connection; returns how long to wait before the next look, unless there is a signal. */
    private Duration step() throws InterruptedException {
        if (retired != null && System.nanoTime() - retiredSince >= CHECK.toNanos()) {
            closeRetired();
        }
        LaneConnection connection = current;
        if (connection != null && !connection.isOpen()) {
            LOG.info("{}: the connection to {} is lost", own.name(), connectedTo);
            leave(connection);
            connection = null;
        }
        List<URI> choice = brokers.get();
        if (connection != null && isRight(connection, choice)) {
            hear(connection);
            return CHECK;
        }
        if (choice.isEmpty()) {
            return CHECK;
        }
        LaneConnection next = dial(choice);
        if (next == null) {
            return backoff.next();
        }
        backoff.reset();
        hear(next);
        boolean cameBack = connection == null;
        current = next;
        if (outbox != null) {
            outbox.use(next);
        }
        if (connection != null) {
            retire(connection);
        }
        if (cameBack) {
            upListeners.forEach(this::tell);
        }
        return CHECK;
    }

    private boolean isRight(LaneConnection connection, List<URI> choice) {
        return choice.contains(connectedTo) && identity.chain().get(0).equals(connection.presented());
    }

    private @Nullable LaneConnection dial(List<URI> choice) throws InterruptedException {
        for (URI broker : choice) {
            X509Certificate presented = identity.chain().get(0);
            String nonce = Long.toHexString(ThreadLocalRandom.current().nextLong());
            try {
                BrokerDialer dialer = new BrokerDialer(identity, own, broker, timer);
                LaneConnection connection = new LaneConnection(dialer, own, presented, nonce, this::check);
                LOG.info("{}: connected to {}", own.name(), broker);
                connectedTo = broker;
                complaint = "";
                return connection;
            } catch (JMSException | CertificateException | IllegalArgumentException e) {
                complain(broker, e);
            }
            if (closed) {
                return null;
            }
        }
        return null;
    }

    /** Once for each reason: tries go on for as long as there is no broker. */
    private void complain(URI broker, Exception problem) {
        String reason = reason(problem);
        String text = broker + ": " + reason;
        if (text.equals(complaint)) {
            LOG.debug("{}: no connection to {}", own.name(), broker, problem);
        } else {
            complaint = text;
            LOG.warn("{}: no connection to {}; it is tried again. {}", own.name(), broker, reason);
        }
    }

    /** Where it began: what ActiveMQ wraps around it says nothing more. */
    private static String reason(Throwable problem) {
        Throwable cause = problem;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private void hear(LaneConnection connection) {
        try {
            if (receiver == null) {
                connection.ignore();
            } else {
                connection.receive(this::deliver);
            }
        } catch (JMSException e) {
            LOG.warn("{}: the broker does not let this agent hear: {}", own.name(), e.getMessage());
            connection.lost();
        }
    }

    private void deliver(byte[] frame) {
        synchronized (delivering) {
            Consumer<byte[]> hearing = receiver;
            if (hearing != null) {
                try {
                    hearing.accept(frame);
                } catch (RuntimeException e) {
                    LOG.error("{}: a frame was not taken well", own.name(), e);
                }
            }
        }
    }

    private void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.error("{}: a listener failed", own.name(), e);
        }
    }

    /** What is on its way over the former connection still arrives. */
    private void retire(LaneConnection former) {
        closeRetired();
        retired = former;
        retiredSince = System.nanoTime();
    }

    private void closeRetired() {
        LaneConnection former = retired;
        retired = null;
        if (former != null) {
            former.close();
        }
    }

    private void leave(@Nullable LaneConnection connection) {
        current = null;
        if (outbox != null) {
            outbox.use(null);
        }
        if (connection != null) {
            connection.close();
        }
    }

    @Override
    public void close() {
        closed = true;
        check();
        if (outbox != null) {
            outbox.close();
        }
        try {
            keeper.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
