package org.llmfactory.sysinfo.report;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.api.inference.EngineStatus;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.network.AgentReport.EngineReport;

/** The engines that run on this agent. Those of other agents, which are services here too, are none of its own. */
final class LocalEngines {
    private final Map<InferenceEngine, Boolean> engines = new ConcurrentHashMap<>();

    /** Adds an engine; answers whether it is one of this agent's. */
    boolean add(InferenceEngine engine, Map<String, ?> properties) {
        return !properties.containsKey(InferenceEngine.AGENT) && engines.put(engine, true) == null;
    }

    /** Removes an engine; answers whether it was one of this agent's. */
    boolean remove(InferenceEngine engine) {
        return engines.remove(engine) != null;
    }

    /** What they are doing now, by model. */
    List<EngineReport> reports() {
        return engines.keySet().stream()
                .map(LocalEngines::report)
                .sorted(Comparator.comparing(EngineReport::model).thenComparing(EngineReport::digest))
                .toList();
    }

    private static EngineReport report(InferenceEngine engine) {
        EngineStatus status = engine.status();
        return new EngineReport(
                engine.model().id(),
                engine.model().digest(),
                status.device(),
                status.residentAdapters().stream().sorted().toList(),
                status.running(),
                status.waiting());
    }
}
