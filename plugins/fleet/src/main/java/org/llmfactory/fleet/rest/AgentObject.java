package org.llmfactory.fleet.rest;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.llmfactory.api.agent.PluginInfo;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.Fleet.Member;

/**
 * An agent on the wire.
 *
 * @param object always {@code agent}
 * @param startedAt when its process began, in seconds since 1970
 * @param heardAt when it was heard last, in seconds since 1970
 */
public record AgentObject(
        String object,
        String address,
        String tenant,
        String name,
        boolean alive,
        String feature,
        String region,
        Map<String, String> labels,
        AgentReport.Hardware hardware,
        List<PluginInfo> plugins,
        List<AgentReport.EngineReport> engines,
        List<AgentReport.TrainerReport> trainers,
        AgentReport.Load load,
        long startedAt,
        long heardAt) {
    public AgentObject {
        labels = new TreeMap<>(labels);
        plugins = List.copyOf(plugins);
        engines = List.copyOf(engines);
        trainers = List.copyOf(trainers);
    }

    static AgentObject of(Member member) {
        AgentReport report = member.report();
        return new AgentObject(
                "agent",
                member.address().toString(),
                member.address().tenant(),
                member.address().name(),
                member.alive(),
                report.feature(),
                report.region(),
                report.labels(),
                report.hardware(),
                report.plugins(),
                report.engines(),
                report.trainers(),
                report.load(),
                report.started().getEpochSecond(),
                member.heard().getEpochSecond());
    }
}
