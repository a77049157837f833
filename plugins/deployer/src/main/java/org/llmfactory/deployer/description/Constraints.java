package org.llmfactory.deployer.description;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which agents a plugin may run on. Controllers only when they are named.
 *
 * @param labels that the agent has
 * @param device what the agent computes on
 * @param freeMemoryMib memory that is not in use and not promised to another plugin
 * @param baseModel id or digest of a model that the agent serves
 * @param agents names or addresses; empty for any
 * @param region where the agent is
 * @param tenants whose the agent is; empty for any
 */
public record Constraints(
        Map<String, String> labels,
        Optional<Device> device,
        long freeMemoryMib,
        Optional<String> baseModel,
        List<String> agents,
        Optional<String> region,
        Set<String> tenants) {
    /** What an agent computes on. */
    public enum Device {
        CPU,
        CUDA
    }

    /** Any node. */
    public static final Constraints NONE =
            new Constraints(Map.of(), Optional.empty(), 0, Optional.empty(), List.of(), Optional.empty(), Set.of());

    public Constraints {
        labels = Map.copyOf(labels);
        agents = List.copyOf(agents);
        tenants = Set.copyOf(tenants);
    }
}
