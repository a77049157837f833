package org.llmfactory.deployer.reconcile;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.Fleet;

/** Tells what is news for deployments from how busy an agent is at the moment. */
final class FleetNews {
    private record Facts(boolean alive, Map<String, String> labels, List<?> plugins, List<String> models) {}

    private final Map<AgentAddress, Facts> known = new ConcurrentHashMap<>();

    /** Whether something has changed that work is placed by, or that says how work goes. */
    boolean isNews(Fleet.Member member) {
        AgentReport report = member.report();
        Facts facts = new Facts(
                member.alive(),
                report.labels(),
                report.plugins(),
                report.engines().stream().map(AgentReport.EngineReport::model).toList());
        return !facts.equals(known.put(member.address(), facts));
    }
}
