package org.llmfactory.inference.remote.testing;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.llmfactory.api.adapter.testing.InMemoryAdapterRegistry;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.inference.EngineStatus;
import org.llmfactory.api.inference.GenerationRequest;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentReport;
import org.llmfactory.api.network.AgentReport.EngineReport;
import org.llmfactory.api.network.testing.FixedMembership;
import org.llmfactory.inference.remote.node.InferenceService;

/** A node with one engine that follows a script. */
public final class TestNode implements AutoCloseable {
    private final AgentAddress address;
    private final ScriptedInferenceEngine engine;
    private final InMemoryAdapterRegistry registry;
    private final InferenceService service;

    TestNode(
            AgentAddress address,
            ModelInfo model,
            Function<GenerationRequest, Script> script,
            SharedFiles files,
            Path home) {
        this.address = address;
        this.engine = new ScriptedInferenceEngine(model, script);
        this.registry = new InMemoryAdapterRegistry(model);
        this.service = new InferenceService(new FixedMembership(address), files.of(address), new FolderHome(home));
        service.addEngine(engine);
        service.setRegistry(registry);
    }

    public AgentAddress address() {
        return address;
    }

    public ScriptedInferenceEngine engine() {
        return engine;
    }

    public InMemoryAdapterRegistry registry() {
        return registry;
    }

    public InferenceService service() {
        return service;
    }

    /** What it says of itself now. */
    public AgentReport report() {
        EngineStatus status = engine.status();
        return report(List.of(new EngineReport(
                engine.model().id(),
                engine.model().digest(),
                "cpu",
                status.residentAdapters(),
                status.running(),
                status.waiting())));
    }

    /** What it would say with other engines. */
    public static AgentReport report(List<EngineReport> engines) {
        return report(engines, Instant.EPOCH);
    }

    /** What it would say with other engines, after another start. */
    public static AgentReport report(List<EngineReport> engines, Instant started) {
        return new AgentReport(
                "cpu-node",
                "region-1",
                started,
                Map.of(),
                new AgentReport.Hardware("Linux", "Processor", 4, 16L << 30, 100L << 30, List.of()),
                List.of(),
                engines,
                List.of(),
                new AgentReport.Load(0, 12L << 30, 50L << 30, 100 << 20));
    }

    @Override
    public void close() {
        engine.close();
    }
}
