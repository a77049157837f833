package org.llmfactory.fleet.roster;

import java.time.Duration;
import org.llmfactory.agent.report.ReportMessages;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport;

/** Fleets for tests of other packages. */
public final class TestFleet {
    private TestFleet() {}

    public static FleetService start() {
        return new FleetService(
                new Limits(Duration.ofMillis(1500), Duration.ofMinutes(10), Duration.ofSeconds(10), 100, 1 << 20));
    }

    /** An agent reports once. */
    public static void report(FleetService fleet, AgentAddress address, AgentReport report) {
        Reports.send(fleet.accept(new RecordingStream(address), ReportMessages.opening(report.started())), report);
    }

    public static void stop(FleetService fleet) {
        fleet.stop();
    }
}
