package org.llmfactory.broker.bridge;

import java.net.URI;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.activemq.command.DiscoveryEvent;
import org.apache.activemq.transport.discovery.DiscoveryAgent;
import org.apache.activemq.transport.discovery.DiscoveryListener;
import org.jspecify.annotations.Nullable;

/** Tells which of the parent's brokers to dial: one at a time, the next when it fails, for ever, less and less often. */
final class ParentDiscovery implements DiscoveryAgent {
    private static final long SHORTEST_WAIT_MILLIS = 200;
    private static final long LONGEST_WAIT_MILLIS = 10_000;

    /** A connection that lasted this long counts as one that worked. */
    private static final long WORKED_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final String OPTIONS = "?socket.verifyHostName=false&socket.enabledProtocols=TLSv1.3"
            + "&connectionTimeout=5000&tcpNoDelay=true"
            + "&wireFormat.maxInactivityDuration=10000&wireFormat.maxInactivityDurationInitalDelay=10000"
            + "&wireFormat.tcpNoDelayEnabled=true&wireFormat.tightEncodingEnabled=false"
            + "&wireFormat.maxFrameSize=262144";

    private final Supplier<List<URI>> brokers;
    private final ScheduledExecutorService timer;
    private @Nullable DiscoveryListener listener;
    private @Nullable DiscoveryEvent current;
    private boolean running;
    private int next;
    private long dialed;
    private long waitMillis = SHORTEST_WAIT_MILLIS;

    ParentDiscovery(Supplier<List<URI>> brokers, ScheduledExecutorService timer) {
        this.brokers = brokers;
        this.timer = timer;
    }

    @Override
    public synchronized void setDiscoveryListener(DiscoveryListener listener) {
        this.listener = listener;
    }

    @Override
    public void registerService(String name) {
        throw new UnsupportedOperationException("A broker's address is told by its authority, not by itself");
    }

    @Override
    public synchronized void start() {
        running = true;
        dialIn(0);
    }

    @Override
    public synchronized void stop() {
        running = false;
    }

    /** Whether what is dialed now is still among the parent's brokers. */
    synchronized boolean isCurrent() {
        DiscoveryEvent event = current;
        return event == null
                || brokers.get().stream().anyMatch(broker -> name(broker).equals(event.getServiceName()));
    }

    /** What is dialed now. */
    synchronized @Nullable DiscoveryEvent current() {
        return current;
    }

    private void dialIn(long millis) {
        var unused = timer.schedule(this::dial, millis, TimeUnit.MILLISECONDS);
    }

    private void dial() {
        DiscoveryEvent event;
        DiscoveryListener told;
        synchronized (this) {
            told = listener;
            if (!running || current != null || told == null) {
                return;
            }
            List<URI> choice = brokers.get();
            if (choice.isEmpty()) {
                dialIn(1000);
                return;
            }
            event = new DiscoveryEvent(name(choice.get(Math.floorMod(next++, choice.size()))));
            event.setBrokerName("parent");
            current = event;
            dialed = System.nanoTime();
        }
        told.onServiceAdd(event);
    }

    private static String name(URI broker) {
        return "ssl://" + broker.getHost() + ':' + broker.getPort() + OPTIONS;
    }

    @Override
    public void serviceFailed(DiscoveryEvent event) {
        DiscoveryListener told;
        synchronized (this) {
            told = listener;
            if (event != current || told == null) {
                return;
            }
            current = null;
            if (System.nanoTime() - dialed > WORKED_NANOS) {
                waitMillis = SHORTEST_WAIT_MILLIS;
            }
            if (running) {
                dialIn(waitMillis / 2 + ThreadLocalRandom.current().nextLong(waitMillis / 2 + 1));
            }
            waitMillis = Math.min(LONGEST_WAIT_MILLIS, waitMillis * 2);
        }
        told.onServiceRemove(event);
    }
}
