package org.llmfactory.bench.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.testing.InMemoryNetwork;

class BareLinkTest {
    private static final AgentAddress CONTROLLER = AgentAddress.parse("platform/controller");
    private static final AgentAddress NODE = AgentAddress.parse("shared/node");
    private static final int WINDOW = 5;

    private final InMemoryNetwork network = new InMemoryNetwork();

    @AfterEach
    void stop() {
        network.close();
    }

    @Test
    void everyFrameArrivesOnce() throws Exception {
        try (BareReceiver receiver = new BareReceiver(network.link(CONTROLLER), NODE, 3, 101, WINDOW);
                BareSender sender = new BareSender(network.link(NODE), CONTROLLER, 3, WINDOW)) {
            sender.send(101, 1000);

            assertThat(receiver.throughput(1000).messages()).isEqualTo(303);
        }
    }

    @Test
    void noMoreIsUnderWayThanTheWindowLets() throws Exception {
        Map<Integer, Integer> sent = new ConcurrentHashMap<>();
        Map<Integer, Integer> acknowledged = new ConcurrentHashMap<>();
        AtomicInteger most = new AtomicInteger();
        network.intercept(frame -> {
            BareFrame bare = BareFrame.of(frame.content()).orElseThrow();
            if (frame.from().equals(CONTROLLER)) {
                acknowledged.put(bare.stream(), bare.number());
            } else if (bare.stream() != BareFrame.HELLO) {
                int underWay = sent.merge(bare.stream(), 1, Integer::sum) - acknowledged.getOrDefault(bare.stream(), 0);
                most.accumulateAndGet(underWay, Math::max);
            }
            return List.of(frame);
        });
        try (BareReceiver receiver = new BareReceiver(network.link(CONTROLLER), NODE, 2, 50, WINDOW);
                BareSender sender = new BareSender(network.link(NODE), CONTROLLER, 2, WINDOW)) {
            sender.send(50, 100);

            assertThat(receiver.throughput(100).messages()).isEqualTo(100);
        }
        assertThat(most.get()).isBetween(1, WINDOW);
    }
}
