package org.llmfactory.fleet.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.agent.report.LoadReport;
import org.llmfactory.agent.report.ReportMessages;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Fleet.Member;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.testing.InMemoryDataPlane;

/** With streams and time as they are. */
class FleetServiceTest {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");
    private static final AgentAddress CONTROLLER = AgentAddress.parse("platform/region-1");
    private static final Instant STARTED = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final InMemoryDataPlane network = new InMemoryDataPlane();
    private final FleetService fleet = new FleetService(
            new Limits(Duration.ofMillis(1500), Duration.ofSeconds(3), Duration.ofSeconds(10), 100, 1 << 20));
    private final List<Member> heard = new CopyOnWriteArrayList<>();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

    FleetServiceTest() {
        network.offer(CONTROLLER, fleet);
        fleet.bindListener(heard::add);
    }

    @AfterEach
    void stop() {
        timer.shutdownNow();
        fleet.stop();
        network.close();
    }

    private AgentStream join(int running) throws InterruptedException {
        AgentStream stream = network.of(NODE)
                .open(
                        CONTROLLER,
                        ReportMessages.SERVICE,
                        Lane.LIVE,
                        ReportMessages.opening(STARTED),
                        new Silent(),
                        DEADLINE);
        ReportMessages.report(Reports.of("region-1", STARTED, Map.of(), running))
                .forEach(stream::send);
        await().atMost(DEADLINE)
                .until(() -> fleet.member(NODE).map(Member::alive).orElse(false));
        return stream;
    }

    private ScheduledFuture<?> beat(AgentStream stream) {
        return timer.scheduleAtFixedRate(() -> stream.send(ReportMessages.beat()), 0, 500, TimeUnit.MILLISECONDS);
    }

    @Test
    void anAgentThatFallsSilentIsNotAliveWithinTwoSecondsAndIsForgottenLater() throws Exception {
        AgentStream stream = join(0);
        ScheduledFuture<?> beats = beat(stream);
        await().during(Duration.ofSeconds(2))
                .atMost(DEADLINE)
                .until(() -> fleet.member(NODE).map(Member::alive).orElse(false));
        beats.cancel(false);
        await().atMost(DEADLINE).until(() -> !fleet.member(NODE).orElseThrow().alive());

        Member silent = fleet.member(NODE).orElseThrow();
        assertThat(Duration.between(silent.heard(), Instant.now())).isGreaterThan(Duration.ofMillis(1500));
        await().atMost(DEADLINE).until(() -> heard.size() == 2);
        assertThat(heard).extracting(Member::alive).containsExactly(true, false);
        await().atMost(DEADLINE).until(() -> fleet.members().isEmpty());
    }

    @Test
    void aSilentAgentReturnsOnANewStream() throws Exception {
        join(0);
        await().atMost(DEADLINE).until(() -> !fleet.member(NODE).orElseThrow().alive());
        join(3);

        assertThat(fleet.member(NODE).orElseThrow().report().engines().get(0).running())
                .isEqualTo(3);
    }

    @Test
    void aChangeIsHeard() throws Exception {
        AgentStream stream = join(0);
        stream.send(ReportMessages.load(LoadReport.of(Reports.of("region-1", STARTED, Map.of(), 7))));

        await().atMost(DEADLINE).until(() -> heard.size() >= 2);
        assertThat(heard.get(1).report().engines().get(0).running()).isEqualTo(7);
    }

    @Test
    void anAgentThatSaysGoodbyeIsGoneAtOnce() throws Exception {
        AgentStream stream = join(0);
        long began = System.nanoTime();
        stream.send(ReportMessages.goodbye());
        stream.finish();
        await().pollInterval(5, TimeUnit.MILLISECONDS)
                .atMost(DEADLINE)
                .until(() -> !fleet.member(NODE).orElseThrow().alive());

        Member gone = fleet.member(NODE).orElseThrow();
        assertThat(gone.heard())
                .isBetween(Instant.now().minusNanos(System.nanoTime() - began).minusSeconds(1), Instant.now());
        await().atMost(DEADLINE).until(() -> heard.size() == 2);
    }

    @Test
    void aListenerThatFailsOrIsSlowHoldsUpNoReports() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        fleet.bindListener(member -> {
            awaitQuietly(slow);
            throw new IllegalStateException("a listener of the test");
        });
        AgentStream stream = join(0);
        for (int running = 1; running <= 50; running++) {
            stream.send(ReportMessages.load(LoadReport.of(Reports.of("region-1", STARTED, Map.of(), running))));
        }
        await().atMost(DEADLINE)
                .until(() -> fleet.member(NODE)
                                .orElseThrow()
                                .report()
                                .engines()
                                .get(0)
                                .running()
                        == 50);
        slow.countDown();

        await().atMost(DEADLINE)
                .until(() ->
                        heard.get(heard.size() - 1).report().engines().get(0).running() == 50);
        assertThat(heard.size()).isLessThan(50);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Silent implements StreamListener {
        @Override
        public void onMessage(byte[] message) {}

        @Override
        public void onEnd() {}

        @Override
        public void onFailure(FactoryException reason) {}
    }
}
