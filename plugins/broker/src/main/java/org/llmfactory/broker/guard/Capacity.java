package org.llmfactory.broker.guard;

import java.io.IOException;
import java.util.Map;
import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.usage.SystemUsage;
import org.llmfactory.messaging.link.LaneDestination;

/** Whether there is room for one more frame. Nobody is ever made to wait: his connection carries what is for others too. */
final class Capacity {
    private static final int LONGEST_CONTROL_QUEUE = 4096;
    private static final long LARGEST_CONTROL_QUEUE = 32L * 1024 * 1024;

    /** Those that nobody reads and nothing waits in are forgotten after a minute. */
    private static final int QUEUES_OF_A_TENANT = 10_000;

    /** One part in so many of the store is for the agents of a tenant that do not read. */
    private static final int TENANTS_SHARE = 4;

    /** The highest share of the memory, in percent, at which frames of streams are still taken. */
    private static final int MEMORY_FOR_STREAMS = 80;

    private final Broker broker;

    Capacity(Broker broker) {
        this.broker = broker;
    }

    /** No topic that nobody reads has any, nor is it made for the sake of a frame. */
    boolean hasRoom(LaneDestination lane, ActiveMQDestination name) throws IOException {
        Map<ActiveMQDestination, Destination> all = broker.getDestinationMap(name);
        Destination destination = all.get(name);
        String tenant = lane.agent().tenant();
        return switch (lane.lane()) {
            case LIVE -> destination != null && !destination.getMemoryUsage().isFull();
            case DATA ->
                destination != null
                        && !destination.getMemoryUsage().isFull()
                        && usage().getMemoryUsage().getPercentUsage() < MEMORY_FOR_STREAMS;
            case CONTROL ->
                destination == null
                        ? queues(all, tenant) < QUEUES_OF_A_TENANT && waiting(all, tenant) < share()
                        : isShort(destination) && (isRead(destination) || waiting(all, tenant) < share());
        };
    }

    private SystemUsage usage() {
        return broker.getBrokerService().getSystemUsage();
    }

    private static boolean isShort(Destination queue) throws IOException {
        return queue.getDestinationStatistics().getMessages().getCount() < LONGEST_CONTROL_QUEUE
                && queue.getMessageStore().getMessageSize() < LARGEST_CONTROL_QUEUE;
    }

    private static boolean isRead(Destination queue) {
        return !queue.getConsumers().isEmpty();
    }

    private static boolean isOf(String tenant, ActiveMQDestination queue) {
        return queue.getPhysicalName().startsWith("control." + tenant + '.');
    }

    private static long queues(Map<ActiveMQDestination, Destination> all, String tenant) {
        return all.keySet().stream().filter(queue -> isOf(tenant, queue)).count();
    }

    /** Bytes that wait for all agents of a tenant. */
    private static long waiting(Map<ActiveMQDestination, Destination> all, String tenant) throws IOException {
        long bytes = 0;
        for (Map.Entry<ActiveMQDestination, Destination> queue : all.entrySet()) {
            if (isOf(tenant, queue.getKey())) {
                bytes += queue.getValue().getMessageStore().getMessageSize();
            }
        }
        return bytes;
    }

    private long share() {
        return usage().getStoreUsage().getLimit() / TENANTS_SHARE;
    }
}
