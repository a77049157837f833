package org.llmfactory.fleet.attendance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.fleet.roster.FleetService;
import org.llmfactory.fleet.roster.Reports;
import org.llmfactory.fleet.roster.TestFleet;

class FleetMetricsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final FleetService fleet = TestFleet.start();
    private final MeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void stop() {
        TestFleet.stop(fleet);
    }

    private void report(String name, String region, int running) {
        TestFleet.report(fleet, new AgentAddress("shared", name), Reports.of(region, Instant.EPOCH, Map.of(), running));
    }

    @Test
    void agentsAndEnginesAreCounted() {
        report("node-1", "region-1", 3);
        report("node-2", "region-1", 0);
        report("node-3", "region-2", 0);
        FleetMetrics metrics = new FleetMetrics(fleet, registry);
        await().atMost(DEADLINE)
                .until(() -> registry.find("llmfactory.fleet.agents").gauges().size() == 2);

        assertThat(registry.get("llmfactory.fleet.agents")
                        .tags("region", "region-1", "feature", "cpu-node", "state", "alive")
                        .gauge()
                        .value())
                .isEqualTo(2);
        assertThat(registry.get("llmfactory.fleet.engine.running")
                        .tags("agent", "shared/node-1", "model", "model")
                        .gauge()
                        .value())
                .isEqualTo(3);
        assertThat(registry.get("llmfactory.fleet.messages")
                        .tag("kind", "report")
                        .functionCounter()
                        .count())
                .isEqualTo(3);
        metrics.stop();
        assertThat(registry.getMeters()).isEmpty();
    }
}
