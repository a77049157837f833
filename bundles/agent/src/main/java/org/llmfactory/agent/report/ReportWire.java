package org.llmfactory.agent.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.network.AgentReport;

/**
 * A report as it is on the wire. Fields may be added; a reader passes over those it does not know.
 *
 * @param started in milliseconds since 1970
 * @param trainers absent in reports of earlier versions
 */
record ReportWire(
        String feature,
        String region,
        long started,
        Map<String, String> labels,
        AgentReport.Hardware hardware,
        List<PluginInfo> plugins,
        List<AgentReport.EngineReport> engines,
        @Nullable List<AgentReport.TrainerReport> trainers,
        AgentReport.Load load) {
    /** Copies, so that what is malformed inside is refused while it is read. */
    ReportWire {
        labels = Map.copyOf(labels);
        plugins = List.copyOf(plugins);
        engines = List.copyOf(engines);
        trainers = trainers == null ? List.of() : List.copyOf(trainers);
    }

    @Override
    public List<AgentReport.TrainerReport> trainers() {
        return Objects.requireNonNullElse(trainers, List.of());
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
                report.trainers(),
                report.load());
    }

    AgentReport report() {
        return new AgentReport(
                feature, region, Instant.ofEpochMilli(started), labels, hardware, plugins, engines, trainers(), load);
    }
}
