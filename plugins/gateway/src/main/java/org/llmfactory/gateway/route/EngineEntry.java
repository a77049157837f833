package org.llmfactory.gateway.route;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.model.ModelInfo;
import org.llmfactory.api.network.AgentAddress;

/**
 * An engine and where it runs.
 *
 * @param engine the engine
 * @param agent the address of the agent that it runs on; empty for an engine of this process
 * @param tenant whose requests it takes; empty for an engine of this process, which takes all
 * @param region where the agent is; empty for an engine of this process
 */
public record EngineEntry(
        InferenceEngine engine, Optional<String> agent, Optional<String> tenant, Optional<String> region) {
    public EngineEntry {
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(agent, "agent");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(region, "region");
    }

    /** An engine as its service properties describe it. */
    public static EngineEntry of(InferenceEngine engine, Map<String, ?> properties) {
        return new EngineEntry(
                engine,
                text(properties, InferenceEngine.AGENT),
                text(properties, InferenceEngine.TENANT),
                text(properties, InferenceEngine.REGION));
    }

    /** Whether it runs on another agent. */
    public boolean isRemote() {
        return agent.isPresent();
    }

    /** Whether it answers that model, to the weights, for that project. */
    boolean serves(ModelInfo model, String project) {
        ModelInfo served = engine.model();
        return served.id().equals(model.id()) && served.digest().equals(model.digest()) && takes(project);
    }

    /** Nodes of a project take its requests alone; those of the platform and those that are shared take all. */
    private boolean takes(String project) {
        return tenant.flatMap(AgentAddress::projectOf).map(project::equals).orElse(true);
    }

    private static Optional<String> text(Map<String, ?> properties, String name) {
        return properties.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
    }
}
