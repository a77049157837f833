package org.llmfactory.messaging.jms;

import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.link.Link;
import org.llmfactory.messaging.link.LocalBroker;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The link over JMS: a connection for each lane, to the agent's own broker where it has one, else to those it dials. */
@Component(service = Link.class)
public final class JmsLink implements Link {
    private final NetworkIdentity identity;
    private final ScheduledThreadPoolExecutor timer;
    private final Map<Lane, LaneClient> lanes = new EnumMap<>(Lane.class);
    private volatile @Nullable LocalBroker localBroker;

    /** Takes the identity; nothing is dialed yet. */
    @Activate
    public JmsLink(@Reference NetworkIdentity identity) {
        this.identity = identity;
        timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "link-timer");
            thread.setDaemon(true);
            return thread;
        });
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new LaneClient(identity, lane, this::brokers, timer));
        }
    }

    /** Dials. */
    @Activate
    public void start() {
        lanes.values().forEach(LaneClient::start);
    }

    /** Takes the agent's own broker. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    public void bindBroker(LocalBroker broker) {
        localBroker = broker;
        lanes.values().forEach(LaneClient::check);
    }

    /** Does without the agent's own broker. */
    public void unbindBroker(LocalBroker broker) {
        if (localBroker == broker) {
            localBroker = null;
            lanes.values().forEach(LaneClient::check);
        }
    }

    private List<URI> brokers() {
        LocalBroker local = localBroker;
        return local == null ? identity.brokers() : List.of(local.address());
    }

    private LaneClient lane(Lane lane) {
        LaneClient client = lanes.get(lane);
        if (client == null) {
            throw new IllegalArgumentException("There is no lane " + lane);
        }
        return client;
    }

    @Override
    public void send(Lane lane, AgentAddress to, byte[] frame, Duration timeToLive) throws InterruptedException {
        if (frame.length == 0 || frame.length > MAXIMUM_FRAME) {
            throw new IllegalArgumentException(
                    "A frame has 1 to " + MAXIMUM_FRAME + " bytes; this one has " + frame.length);
        }
        if (timeToLive.isNegative() || timeToLive.isZero()) {
            throw new IllegalArgumentException("A frame's time to live is positive");
        }
        lane(lane).send(to, frame, timeToLive);
    }

    @Override
    public Registration receive(Lane lane, Consumer<byte[]> receiver) {
        return lane(lane).receive(receiver);
    }

    @Override
    public Registration onUp(Lane lane, Runnable listener) {
        return lane(lane).onUp(listener);
    }

    @Override
    public boolean isUp(Lane lane) {
        return lane(lane).isUp();
    }

    /** Closes the connections. */
    @Deactivate
    public void close() {
        lanes.values().forEach(LaneClient::close);
        timer.shutdownNow();
    }
}
