package org.llmfactory.broker.guard;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ConsumerInfo;
import org.jspecify.annotations.Nullable;
import org.llmfactory.messaging.link.LaneDestination;

/** What there is to read, and how it is read. */
final class Readers {
    private static final int LARGEST_PREFETCH = 1000;

    /** Tells a bridge of who reads at the other end. */
    private static final Pattern DEMAND =
            Pattern.compile("ActiveMQ\\.Advisory\\.Consumer\\.(Topic\\.live|Topic\\.data|Queue\\.control)\\.>");

    private Readers() {}

    /**
     * The lane that a destination is an end of.
     *
     * @throws SecurityException for wildcards, composites, temporary ones, those with options and all others
     */
    static LaneDestination lane(@Nullable ActiveMQDestination destination) {
        if (destination != null
                && !destination.isTemporary()
                && !destination.isComposite()
                && !destination.isPattern()
                && destination.getOptions() == null) {
            Optional<LaneDestination> lane = LaneDestination.parse(destination.getPhysicalName())
                    .filter(parsed -> parsed.isQueue() == destination.isQueue());
            if (lane.isPresent()) {
                return lane.get();
            }
        }
        throw new SecurityException("This broker has no destination " + destination);
    }

    /** A bridge reads what there is demand for, and what tells it of demand. */
    static void requireBridged(@Nullable ActiveMQDestination destination) {
        boolean demand = destination != null
                && destination.isTopic()
                && DEMAND.matcher(destination.getPhysicalName()).matches();
        if (!demand) {
            lane(destination);
        }
    }

    /** Takes from a consumer all that would make it more than a reader of its own. */
    static void makePlain(ConsumerInfo info) {
        info.setSelector(null);
        info.setAdditionalPredicate(null);
        info.setBrokerPath(null);
        info.setNetworkConsumerPath(null);
        info.setNetworkSubscription(false);
        info.setExclusive(false);
        info.setRetroactive(false);
        info.setNoLocal(false);
        info.setPriority((byte) 0);
        info.setMaximumPendingMessageLimit(0);
        info.setDispatchAsync(true);
        info.setPrefetchSize(Math.max(1, Math.min(LARGEST_PREFETCH, info.getPrefetchSize())));
    }
}
