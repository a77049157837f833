package org.llmfactory.agent.report;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.AgentReport.EngineReport;

/**
 * The part of a report that changes all the time, small enough to be sent by itself.
 *
 * @param load of the machine
 * @param engines one entry for each engine
 */
public record LoadReport(AgentReport.Load load, List<EngineLoad> engines) {
    public LoadReport {
        engines = List.copyOf(engines);
    }

    /**
     * How busy an engine is.
     *
     * @param model id of its base model
     * @param running sequences in its batch
     * @param waiting sequences queued
     */
    public record EngineLoad(String model, int running, int waiting) {}

    /** What is in a whole report of it. */
    public static LoadReport of(AgentReport report) {
        return new LoadReport(
                report.load(),
                report.engines().stream()
                        .map(engine -> new EngineLoad(engine.model(), engine.running(), engine.waiting()))
                        .toList());
    }

    /** The report with this load in it. Engines that the report does not know are left out. */
    public AgentReport in(AgentReport report) {
        Map<String, EngineLoad> byModel = engines.stream()
                .collect(Collectors.toMap(EngineLoad::model, Function.identity(), (first, next) -> next));
        List<EngineReport> updated = report.engines().stream()
                .map(engine -> busy(engine, byModel.get(engine.model())))
                .toList();
        return new AgentReport(
                report.feature(),
                report.region(),
                report.started(),
                report.labels(),
                report.hardware(),
                report.plugins(),
                updated,
                report.trainers(),
                load);
    }

    private static EngineReport busy(EngineReport engine, @Nullable EngineLoad load) {
        return load == null
                ? engine
                : new EngineReport(
                        engine.model(),
                        engine.digest(),
                        engine.device(),
                        engine.residentAdapters(),
                        load.running(),
                        load.waiting());
    }
}
