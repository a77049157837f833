package org.llmfactory.sysinfo.report;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.agent.report.LoadReport.EngineLoad;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.AgentReport.EngineReport;
import org.llmfactory.api.network.testing.InMemoryDataPlane;
import org.llmfactory.api.network.testing.InMemoryFleet;

class ReporterTest {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");
    private static final AgentAddress REGION = AgentAddress.parse("platform/region-1");
    private static final AgentAddress PARENT = AgentAddress.parse("platform/parent");
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final InMemoryDataPlane network = new InMemoryDataPlane();
    private final RecordingController region = new RecordingController();
    private final RecordingController parent = new RecordingController();
    private volatile AgentReport report = InMemoryFleet.idleReport(Map.of());
    private Reporter reporter;

    ReporterTest() {
        network.offer(REGION, region);
        network.offer(PARENT, parent);
    }

    @AfterEach
    void stop() {
        reporter.close();
        network.close();
    }

    private void start(AgentAddress self, AgentAddress... controllers) {
        start(self, where -> report, controllers);
    }

    private void start(AgentAddress self, Function<String, AgentReport> description, AgentAddress... controllers) {
        reporter = new Reporter(new FixedMembership(self, controllers), network.of(self), description);
    }

    private static AgentReport with(AgentReport report, List<EngineReport> engines) {
        return new AgentReport(
                report.feature(),
                report.region(),
                report.started(),
                report.labels(),
                report.hardware(),
                report.plugins(),
                engines,
                report.trainers(),
                report.load());
    }

    private static EngineReport engine(List<String> adapters, int running) {
        return new EngineReport("model", "digest", "cpu", adapters, running, 0);
    }

    private AgentReport next(RecordingController controller) throws InterruptedException {
        return controller.reports.poll(DEADLINE.toSeconds(), SECONDS);
    }

    @Test
    void everyControllerIsToldEverythingAtOnce() throws Exception {
        start(NODE, REGION, PARENT);

        assertThat(next(region)).isEqualTo(report);
        assertThat(next(parent)).isEqualTo(report);
        assertThat(reporter.reached()).containsEntry(REGION, true).containsEntry(PARENT, true);
    }

    @Test
    void aControllerReportsToItselfToo() throws Exception {
        start(REGION, PARENT);

        assertThat(next(region)).isEqualTo(report);
        assertThat(next(parent)).isEqualTo(report);
    }

    @Test
    void anAgentThatHasNothingNewToSayBeats() throws Exception {
        start(NODE, REGION);
        next(region);
        await().atMost(DEADLINE).until(() -> region.beats.size() >= 4);

        assertThat(region.reports).isEmpty();
        assertThat(region.loads).isEmpty();
    }

    @Test
    void aChangeIsToldInFull() throws Exception {
        start(NODE, REGION);
        next(region);
        report = InMemoryFleet.idleReport(Map.of("rack", "8"));
        reporter.wake();

        assertThat(next(region).labels()).containsEntry("rack", "8");
    }

    @Test
    void manyChangesAreToldTogether() throws Exception {
        AtomicInteger changes = new AtomicInteger();
        start(
                NODE,
                where -> InMemoryFleet.idleReport(Map.of("change", Integer.toString(changes.incrementAndGet()))),
                REGION);
        long began = System.nanoTime();
        next(region);
        await().pollInterval(5, MILLISECONDS).atMost(DEADLINE).until(() -> {
            reporter.wake();
            return region.reports.size() >= 2;
        });

        // Of three reports, two come a second after the one before, less the tenth that timers may be early.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1750));
        assertThat(changes.get()).isGreaterThan(3);
    }

    @Test
    void howBusyEnginesAreIsToldByItself() throws Exception {
        report = with(report, List.of(engine(List.of("a"), 0)));
        start(NODE, REGION);
        next(region);
        report = with(report, List.of(engine(List.of("a"), 5)));

        assertThat(region.loads.poll(DEADLINE.toSeconds(), SECONDS).engines())
                .containsExactly(new EngineLoad("model", 5, 0));
        assertThat(region.reports).isEmpty();
    }

    @Test
    void adaptersInMemoryAreToldInFull() throws Exception {
        report = with(report, List.of(engine(List.of("a"), 0)));
        start(NODE, REGION);
        next(region);
        report = with(report, List.of(engine(List.of("a", "b"), 0)));

        assertThat(next(region).engines().get(0).residentAdapters()).containsExactly("a", "b");
    }

    @Test
    void aLargeReportArrivesWhole() throws Exception {
        report = with(report, List.of(engine(Collections.nCopies(5000, "a".repeat(64)), 0)));
        start(NODE, REGION);

        assertThat(next(region)).isEqualTo(report);
    }

    @Test
    void signsOfLifeGoOnWhileAnEngineDoesNotAnswer() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        start(
                NODE,
                where -> {
                    if (calls.incrementAndGet() > 3) {
                        awaitQuietly(stuck);
                    }
                    return report;
                },
                REGION);
        next(region);
        await().atMost(DEADLINE).until(() -> calls.get() > 3);
        int before = region.beats.size();
        await().atMost(DEADLINE).until(() -> region.beats.size() > before + 3);
        stuck.countDown();

        assertThat(region.reports).isEmpty();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(DEADLINE.toSeconds(), SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anAgentThatCannotBeDescribedIsStillThere() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        start(
                NODE,
                where -> {
                    if (calls.incrementAndGet() > 3) {
                        throw new IllegalStateException("no description");
                    }
                    return report;
                },
                REGION);
        next(region);
        await().atMost(DEADLINE).until(() -> calls.get() > 5 && region.beats.size() > 3);
    }

    @Test
    void aBrokenStreamIsOpenedAgainAndBeginsWithEverything() throws Exception {
        start(NODE, REGION);
        next(region);
        region.streams.get(0).cancel("try again");

        assertThat(next(region)).isEqualTo(report);
        assertThat(region.streams).hasSize(2);
    }

    @Test
    void aControllerThatRefusesIsAskedAgain() throws Exception {
        region.refusals.set(2);
        start(NODE, REGION);

        assertThat(next(region)).isEqualTo(report);
    }

    @Test
    void aControllerThatIsNotThereHoldsUpNoOther() throws Exception {
        start(NODE, REGION, AgentAddress.parse("platform/absent"));

        assertThat(next(region)).isEqualTo(report);
        assertThat(reporter.reached()).containsEntry(AgentAddress.parse("platform/absent"), false);
    }

    @Test
    void anAgentThatStopsSaysSo() throws Exception {
        start(NODE, REGION);
        next(region);
        reporter.close();

        await().atMost(DEADLINE).until(() -> region.heardGoodbye && region.heardEnd);
    }
}
