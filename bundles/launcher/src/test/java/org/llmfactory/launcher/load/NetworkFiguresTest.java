package org.llmfactory.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.llmfactory.launcher.load.ReportCost.Window;
import org.llmfactory.launcher.terminal.Terminal;

class NetworkFiguresTest {
    private static final Window IDLE = new Window(10, 0.5, 0, 20, 0);

    @Test
    void anAgentCostsWhatIsMoreThanIdle() {
        ReportCost cost = ReportCost.of(100, IDLE, new Window(20, 5, 8, 4440, 2000));

        assertThat(cost).isEqualTo(new ReportCost(100, 2, 0.25, 0.4, 2.2, 1));
    }

    @Test
    void theCostIsFlatWhenTwiceTheAgentsTakeTwiceTheTime() {
        ReportCost few = ReportCost.of(50, IDLE, new Window(10, 1.5, 1, 1000, 0));
        ReportCost many = ReportCost.of(100, IDLE, new Window(10, 2.5, 2, 2000, 0));

        assertThat(many.against(few)).isEqualTo(1);
    }

    @Test
    void ofTwoMeasurementsTheOneCountsThatTookLess() {
        ReportCost quiet = ReportCost.of(50, IDLE, new Window(10, 1.5, 1, 1000, 0));
        ReportCost disturbed = ReportCost.of(50, IDLE, new Window(10, 1.6, 1, 1000, 0));

        assertThat(quiet.less(disturbed)).isEqualTo(disturbed.less(quiet)).isEqualTo(quiet);
        assertThat(InventoryBench.upAndDown(List.of(50, 100, 200))).containsExactly(50, 100, 200, 200, 100, 50);
    }

    @Test
    void messagesAreCountedByTheControllersMetrics() {
        FleetMessages messages = FleetMessages.of(Stream.of(
                "# TYPE llmfactory_fleet_messages_total counter",
                "llmfactory_fleet_messages_total{kind=\"beat\"} 120.0",
                "llmfactory_fleet_messages_total{kind=\"load\"} 1.0E3",
                "llmfactory_fleet_messages_total{kind=\"report\"} 7.0",
                "llmfactory_streams_open 5.0"));

        assertThat(messages).isEqualTo(new FleetMessages(1127, 7));
    }

    @Test
    void ratesAreMediansOfTheirRounds() {
        SealingRates rates = SealingRates.of(List.of(90.0, 300.0, 100.0), List.of(400.0, 125.0, 125.0));

        assertThat(Terminal.write(rates))
                .isEqualTo("{\"sealed_mb_s\":100.0,\"unsealed_mb_s\":125.0,\"ratio\":0.8,"
                        + "\"sealed_rounds_mb_s\":[90.0,300.0,100.0],\"unsealed_rounds_mb_s\":[400.0,125.0,125.0]}");
    }

    @Test
    void agentsAnswerInMicroseconds() throws Exception {
        Latency latency = Latency.of(
                Terminal.JSON.readTree(
                        "{\"count\": 3, \"p50Micros\": 1500.4, \"p95Micros\": 2000, \"p99Micros\": 3000, \"maxMicros\": 4000}"));

        assertThat(latency).isEqualTo(new Latency(3, 1.5, 2, 3, 4));
    }
}
