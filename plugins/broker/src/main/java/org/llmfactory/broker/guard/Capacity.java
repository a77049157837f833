package org.llmfactory.broker.guard;

import java.io.IOException;
import java.util.Map;
import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.usage.SystemUsage;
import org.jspecify.annotations.Nullable;
import org.llmfactory.messaging.link.LaneDestination;

/** Whether there is room for one more frame. Nobody is ever made to wait: his connection carries what is for others too. */
final class Capacity {
    private static final int LONGEST_CONTROL_QUEUE = 4096;
    private static final long LARGEST_CONTROL_QUEUE = 32L * 1024 * 1024;

    /** One part in so many of the store is for the agents of a tenant that do not read. */
    private static final int TENANTS_SHARE = 4;

    /** The highest share of the memory, in percent, at which frames of streams are still taken. */
    private static final int MEMORY_FOR_STREAMS = 80;

    private final Broker broker;

    Capacity(Broker broker) {
        this.broker = broker;
    }

    boolean hasRoom(LaneDestination lane, ActiveMQDestination name) throws IOException {
        Map<ActiveMQDestination, Destination> all = broker.getDestinationMap(name);
        Destination destination = all.get(name);
        return switch (lane.lane()) {
            case LIVE -> isLoose(destination);
            case DATA -> usage().getMemoryUsage().getPercentUsage() < MEMORY_FOR_STREAMS && isLoose(destination);
            case CONTROL ->
                isShort(destination)
                        && (isRead(destination) || waiting(all, lane.agent().tenant()) < share());
        };
    }

    private SystemUsage usage() {
        return broker.getBrokerService().getSystemUsage();
    }

    private static boolean isLoose(@Nullable Destination destination) {
        return destination == null || !destination.getMemoryUsage().isFull();
    }

    private static boolean isShort(@Nullable Destination destination) throws IOException {
        return destination == null
                || (destination.getDestinationStatistics().getMessages().getCount() < LONGEST_CONTROL_QUEUE
                        && destination.getMessageStore().getMessageSize() < LARGEST_CONTROL_QUEUE);
    }

    private static boolean isRead(@Nullable Destination destination) {
        return destination != null && !destination.getConsumers().isEmpty();
    }

    /** Bytes that wait for all agents of a tenant. */
    private static long waiting(Map<ActiveMQDestination, Destination> queues, String tenant) throws IOException {
        String beginning = "control." + tenant + '.';
        long bytes = 0;
        for (Map.Entry<ActiveMQDestination, Destination> queue : queues.entrySet()) {
            if (queue.getKey().getPhysicalName().startsWith(beginning)) {
                bytes += queue.getValue().getMessageStore().getMessageSize();
            }
        }
        return bytes;
    }

    private long share() {
        return usage().getStoreUsage().getLimit() / TENANTS_SHARE;
    }
}
