package org.llmfactory.inference.remote.controller;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.llmfactory.api.inference.EngineStatus;
import org.llmfactory.api.network.AgentReport.EngineReport;

/**
 * How busy an engine on another agent is: what its agent said last, and what has been sent to it and has come back since.
 * Safe for use by several threads.
 */
final class EngineLoad {
    private final Map<String, Integer> adapters = new HashMap<>();
    private EngineReport report;
    private int underWay;
    private int reportedWith;
    private long tokens;

    EngineLoad(EngineReport report) {
        this.report = report;
    }

    /** The agent has said something newer. */
    synchronized void report(EngineReport next) {
        report = next;
        reportedWith = underWay;
    }

    /** A generation goes there. */
    synchronized void begin(List<String> digests) {
        underWay++;
        digests.forEach(digest -> adapters.merge(digest, 1, Integer::sum));
    }

    /** It is over. */
    synchronized void end(List<String> digests, int generated) {
        underWay--;
        tokens += generated;
        digests.forEach(
                digest -> adapters.compute(digest, (same, count) -> count == null || count < 2 ? null : count - 1));
    }

    /**
     * The engine's state as far as it is known here. An adapter that is on its way counts as resident: what else needs it
     * goes the same way.
     */
    synchronized EngineStatus status() {
        int reported = report.running() + report.waiting();
        int present = Math.max(underWay, reported + underWay - reportedWith);
        int running = Math.min(report.running(), present);
        Set<String> resident = new LinkedHashSet<>(report.residentAdapters());
        resident.addAll(adapters.keySet());
        return new EngineStatus(
                report.device(), "unknown", running, present - running, 0, 0, List.copyOf(resident), 0, tokens);
    }
}
