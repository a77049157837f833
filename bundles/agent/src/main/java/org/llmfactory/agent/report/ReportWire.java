package org.llmfactory.agent.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.network.AgentReport;

/**
 * A report as it is on the wire. Fields may be added; a reader passes over those it does not know.
 *
 * @param started in milliseconds since 1970
 */
record ReportWire(
        String feature,
        String region,
        long started,
        Map<String, String> labels,
        AgentReport.Hardware hardware,
        List<PluginInfo> plugins,
        List<AgentReport.EngineReport> engines,
        AgentReport.Load load) {
    /** Copies, so that what is malformed inside is refused while it is read. */
    ReportWire {
        labels = Map.copyOf(labels);
        plugins = List.copyOf(plugins);
        engines = List.copyOf(engines);
    }

    static ReportWire of(AgentReport report) {
        return new ReportWire(
                report.feature(),
                report.region(),
                report.started().toEpochMilli(),
                report.labels(),
                report.hardware(),
                report.plugins(),
                report.engines(),
                report.load());
    }

    AgentReport report() {
        return new AgentReport(
                feature, region, Instant.ofEpochMilli(started), labels, hardware, plugins, engines, load);
    }
}
