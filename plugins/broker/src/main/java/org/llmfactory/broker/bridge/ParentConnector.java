package org.llmfactory.broker.bridge;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.DiscoveryEvent;
import org.apache.activemq.network.DiscoveryNetworkConnector;
import org.apache.activemq.network.NetworkBridge;
import org.apache.activemq.transport.Transport;
import org.apache.activemq.util.ServiceStopper;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.Lane;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.link.LaneDestination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane's bridge to the broker of the parent, for both directions. Only dials while there is a parent; dials anew when
 * this agent's certificate was renewed or the parent's brokers have changed.
 */
public final class ParentConnector extends DiscoveryNetworkConnector {
    private static final Logger LOG = LoggerFactory.getLogger(ParentConnector.class);

    /** Brokers that a frame or the demand for it passes at most. */
    private static final int HOPS = 8;

    private static final int PREFETCH = 512;

    private final Lane lane;
    private final NetworkIdentity identity;
    private final ScheduledThreadPoolExecutor timer;
    private final ParentDiscovery discovery;
    private volatile @Nullable X509Certificate presented;
    private boolean up;

    /** Dials nothing yet. */
    public ParentConnector(Lane lane, NetworkIdentity identity) {
        this.lane = lane;
        this.identity = identity;
        String name = LaneDestination.text(lane);
        timer = new ScheduledThreadPoolExecutor(2, task -> {
            Thread thread = new Thread(task, "bridge-" + name);
            thread.setDaemon(true);
            // ActiveMQ finds its parts by name, in this bundle.
            thread.setContextClassLoader(ParentConnector.class.getClassLoader());
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        discovery = new ParentDiscovery(identity::brokers, timer);
        setDiscoveryAgent(discovery);
        setName(name);
        setDuplex(true);
        setNetworkTTL(HOPS);
        setBridgeTempDestinations(false);
        setConduitSubscriptions(true);
        setDecreaseNetworkConsumerPriority(true);
        setSuppressDuplicateQueueSubscriptions(true);
        setPrefetchSize(PREFETCH);
        setAdvisoryPrefetchSize(1000);
        // Frames of streams are passed on without waiting for an answer; control messages are persistent and wait
        // anyway.
        setAlwaysSyncSend(false);
        addDynamicallyIncludedDestination(everything(lane));
    }

    private static ActiveMQDestination everything(Lane lane) {
        String name = LaneDestination.text(lane) + ".>";
        return lane == Lane.CONTROL ? new ActiveMQQueue(name) : new ActiveMQTopic(name);
    }

    @Override
    protected NetworkBridge createBridge(Transport local, Transport remote, DiscoveryEvent event) {
        presented = identity.chain().get(0);
        return super.createBridge(local, new ControllersOnly(remote, identity.trust(), timer), event);
    }

    @Override
    protected void handleStart() throws Exception {
        var unused = timer.scheduleWithFixedDelay(this::check, 2, 2, TimeUnit.SECONDS);
        super.handleStart();
    }

    private void check() {
        tell();
        X509Certificate shown = presented;
        DiscoveryEvent event = discovery.current();
        if (event == null || shown == null) {
            return;
        }
        if (!discovery.isCurrent() || !shown.equals(identity.chain().get(0))) {
            LOG.info("The bridge for {} is built anew", lane);
            for (NetworkBridge bridge : List.copyOf(activeBridges())) {
                try {
                    bridge.stop();
                } catch (Exception e) {
                    LOG.warn("A bridge did not stop in order", e);
                }
            }
            discovery.serviceFailed(event);
        }
    }

    /** Says once that the bridge came or went, where ActiveMQ would say so at every try. */
    private void tell() {
        boolean carries = activeBridges().stream().anyMatch(bridge -> bridge.getRemoteBrokerName() != null);
        if (carries == up) {
            return;
        }
        up = carries;
        if (carries) {
            LOG.info("The bridge to the parent's broker carries the lane {}", lane);
        } else {
            LOG.warn("The bridge to the parent's broker for the lane {} is lost; it is dialed until it is back", lane);
        }
    }

    @Override
    protected void handleStop(ServiceStopper stopper) throws Exception {
        timer.shutdown();
        super.handleStop(stopper);
    }
}
