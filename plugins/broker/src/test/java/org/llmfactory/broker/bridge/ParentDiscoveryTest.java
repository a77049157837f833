package org.llmfactory.broker.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.activemq.command.DiscoveryEvent;
import org.apache.activemq.transport.discovery.DiscoveryListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which of the parent's brokers is dialed, and when. */
final class ParentDiscoveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final List<URI> brokers = new CopyOnWriteArrayList<>();
    private final List<DiscoveryEvent> dialed = new CopyOnWriteArrayList<>();
    private final List<DiscoveryEvent> left = new CopyOnWriteArrayList<>();
    private ScheduledExecutorService timer;
    private ParentDiscovery discovery;

    @BeforeEach
    void start() {
        timer = Executors.newSingleThreadScheduledExecutor();
        discovery = new ParentDiscovery(() -> brokers, timer);
        discovery.setDiscoveryListener(new DiscoveryListener() {
            @Override
            public void onServiceAdd(DiscoveryEvent event) {
                dialed.add(event);
            }

            @Override
            public void onServiceRemove(DiscoveryEvent event) {
                left.add(event);
            }
        });
    }

    @AfterEach
    void stop() {
        discovery.stop();
        timer.shutdownNow();
    }

    @Test
    void oneBrokerAtATimeIsDialedAndTheNextWhenItFails() {
        brokers.addAll(List.of(URI.create("ssl://first:1"), URI.create("ssl://second:2")));
        discovery.start();
        await().atMost(PATIENCE).until(() -> dialed.size() == 1);

        discovery.serviceFailed(dialed.get(0));
        await().atMost(PATIENCE).until(() -> dialed.size() == 2);
        discovery.serviceFailed(dialed.get(1));
        await().atMost(PATIENCE).until(() -> dialed.size() == 3);

        assertThat(dialed)
                .extracting(event -> URI.create(event.getServiceName()).getHost())
                .containsExactly("first", "second", "first");
        assertThat(left).containsExactly(dialed.get(0), dialed.get(1));
    }

    @Test
    void theSameFailureToldTwiceCountsOnce() {
        brokers.add(URI.create("ssl://first:1"));
        discovery.start();
        await().atMost(PATIENCE).until(() -> dialed.size() == 1);

        discovery.serviceFailed(dialed.get(0));
        discovery.serviceFailed(dialed.get(0));

        await().atMost(PATIENCE).until(() -> dialed.size() == 2);
        assertThat(left).hasSize(1);
    }

    @Test
    void aParentThatComesLaterIsDialed() {
        discovery.start();
        brokers.add(URI.create("ssl://later:1"));

        await().atMost(PATIENCE).until(() -> dialed.size() == 1);
    }

    @Test
    void aBrokerThatIsNoLongerTheParentsIsNotCurrent() {
        brokers.add(URI.create("ssl://first:1"));
        discovery.start();
        await().atMost(PATIENCE).until(() -> dialed.size() == 1);
        assertThat(discovery.isCurrent()).isTrue();

        brokers.set(0, URI.create("ssl://other:1"));

        assertThat(discovery.isCurrent()).isFalse();
    }
}
