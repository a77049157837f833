package org.llmfactory.broker;

import java.util.List;
import org.apache.activemq.broker.region.policy.ConstantPendingMessageLimitStrategy;
import org.apache.activemq.broker.region.policy.DiscardingDeadLetterStrategy;
import org.apache.activemq.broker.region.policy.OldestMessageEvictionStrategy;
import org.apache.activemq.broker.region.policy.PolicyEntry;
import org.apache.activemq.broker.region.policy.PolicyMap;
import org.apache.activemq.broker.region.policy.VMPendingSubscriberMessageStoragePolicy;
import org.apache.activemq.network.ConditionalNetworkBridgeFilterFactory;

/**
 * How messages of each lane are kept for readers who are slow. Nothing here ever makes a sender wait, since his connection
 * carries what is for others too: what there is no room for is dropped on {@code live} and {@code data}, whose streams send
 * it again, and refused on {@code control}.
 */
final class LanePolicies {
    private static final long MIB = 1024L * 1024;

    private LanePolicies() {}

    static PolicyMap all() {
        PolicyMap policies = new PolicyMap();
        policies.setPolicyEntries(List.of(live(), data(), control()));
        return policies;
    }

    private static PolicyEntry live() {
        PolicyEntry entry = topic("live.>");
        entry.setPendingMessageLimitStrategy(limit(256));
        entry.setMemoryLimit(4 * MIB);
        return entry;
    }

    private static PolicyEntry data() {
        PolicyEntry entry = topic("data.>");
        entry.setPendingMessageLimitStrategy(limit(4096));
        entry.setMemoryLimit(32 * MIB);
        return entry;
    }

    private static PolicyEntry topic(String name) {
        PolicyEntry entry = common();
        entry.setTopic(name);
        entry.setPendingSubscriberPolicy(new VMPendingSubscriberMessageStoragePolicy());
        entry.setMessageEvictionStrategy(new OldestMessageEvictionStrategy());
        return entry;
    }

    private static PolicyEntry control() {
        PolicyEntry entry = common();
        entry.setQueue("control.>");
        entry.setMemoryLimit(8 * MIB);
        entry.setExpireMessagesPeriod(5000);
        // An agent that moved to another broker of the network finds what waits for it at its former one: it is sent
        // back
        // the way it came, which the duplicate check would prevent.
        ConditionalNetworkBridgeFilterFactory back = new ConditionalNetworkBridgeFilterFactory();
        back.setReplayWhenNoConsumers(true);
        entry.setNetworkBridgeFilterFactory(back);
        entry.setEnableAudit(false);
        return entry;
    }

    private static PolicyEntry common() {
        PolicyEntry entry = new PolicyEntry();
        entry.setProducerFlowControl(false);
        entry.setCursorMemoryHighWaterMark(100);
        entry.setDeadLetterStrategy(new DiscardingDeadLetterStrategy());
        entry.setGcInactiveDestinations(true);
        entry.setInactiveTimeoutBeforeGC(60_000);
        return entry;
    }

    private static ConstantPendingMessageLimitStrategy limit(int messages) {
        ConstantPendingMessageLimitStrategy strategy = new ConstantPendingMessageLimitStrategy();
        strategy.setLimit(messages);
        return strategy;
    }
}
