package org.llmfactory.fleet.roster;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.llmfactory.agent.report.ReportMessages;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.testing.InMemoryFleet;

/** Reports of tests. */
public final class Reports {
    public static final AgentReport.Hardware HARDWARE =
            InMemoryFleet.idleReport(Map.of()).hardware();

    private Reports() {}

    /** An agent's report with an engine. */
    public static AgentReport of(String region, Instant started, Map<String, String> labels, int running) {
        return new AgentReport(
                "cpu-node",
                region,
                started,
                labels,
                HARDWARE,
                List.of(),
                List.of(new AgentReport.EngineReport("model", "1".repeat(64), "cpu", List.of(), running, 0)),
                List.of(),
                new AgentReport.Load(0.5, 1 << 30, 1 << 30, 1 << 20));
    }

    static void send(StreamListener session, AgentReport report) {
        ReportMessages.report(report).forEach(session::onMessage);
    }
}
