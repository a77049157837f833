package org.llmfactory.fleet.roster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.agent.report.LoadReport;
import org.llmfactory.agent.report.ReportMessages;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Fleet.Member;
import org.llmfactory.api.network.StreamListener;

/**
 * Many agents that report at the pace of real ones: two beats a second, one load a second. Prints what that costs the
 * controller, without the network below.
 */
class ManyAgentsTest {
    private static final Instant STARTED = Instant.parse("2026-03-01T10:00:00Z");
    private static final String THREADS = "llmfactory-fleet-";
    private static final Duration RUN = Duration.ofSeconds(5);

    private final FleetService fleet = new FleetService(
            new Limits(Duration.ofMillis(1500), Duration.ofMinutes(10), Duration.ofSeconds(30), 20_000, 1 << 20));

    @ParameterizedTest
    @ValueSource(ints = {200, 2000})
    void allStayAliveWhileTheyBeatAndFallSilentTogether(int agents) {
        List<StreamListener> sessions =
                IntStream.range(0, agents).mapToObj(this::join).toList();
        AtomicBoolean busy = new AtomicBoolean();
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(1, task -> new Thread(task, THREADS + "test"));
        try {
            ScheduledFuture<?> beats =
                    timer.scheduleAtFixedRate(() -> beat(sessions, busy), 0, 500, TimeUnit.MILLISECONDS);
            awaitAll(agents);
            // From here on, the code is mostly compiled.
            long before = processorTime();
            long began = System.nanoTime();
            awaitAll(agents);
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    "%d agents: %.1f microseconds of processor time per agent and second%n",
                    agents, (processorTime() - before) / 1e3 / agents / seconds);
            beats.cancel(false);
            await().atMost(Duration.ofSeconds(20)).until(() -> alive() == 0);

            assertThat(fleet.members()).hasSize(agents);
            assertThat(fleet.counts().reports()).isEqualTo(agents);
        } finally {
            timer.shutdownNow();
            fleet.stop();
        }
    }

    private void awaitAll(int agents) {
        await().pollInterval(Duration.ofSeconds(1))
                .during(RUN)
                .atMost(RUN.multipliedBy(4))
                .until(() -> alive() == agents);
    }

    private StreamListener join(int index) {
        AgentAddress address = new AgentAddress("shared", "node-" + index);
        StreamListener session = fleet.accept(new RecordingStream(address), ReportMessages.opening(STARTED));
        Reports.send(session, Reports.of("region-1", STARTED, Map.of("index", Integer.toString(index)), 0));
        return session;
    }

    private void beat(List<StreamListener> sessions, AtomicBoolean busy) {
        boolean sendsLoad = busy.getAndSet(!busy.get());
        byte[] load = ReportMessages.load(
                LoadReport.of(Reports.of("region-1", STARTED, Map.of(), (int) (System.nanoTime() % 8))));
        for (StreamListener session : sessions) {
            session.onMessage(ReportMessages.beat());
            if (sendsLoad) {
                session.onMessage(load);
            }
        }
    }

    private long alive() {
        return fleet.members().stream().filter(Member::alive).count();
    }

    /** Of the threads that hear agents and look after them. */
    private static long processorTime() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        return LongStream.of(threads.getAllThreadIds())
                .filter(id -> {
                    ThreadInfo info = threads.getThreadInfo(id);
                    return info != null && info.getThreadName().startsWith(THREADS);
                })
                .map(id -> Math.max(0, threads.getThreadCpuTime(id)))
                .sum();
    }
}
