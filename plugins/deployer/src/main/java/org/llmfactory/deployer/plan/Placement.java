package org.llmfactory.deployer.plan;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.llmfactory.api.network.AgentAddress;

/**
 * Where a plugin is to run.
 *
 * @param plugin its symbolic name
 * @param wanted on how many agents; empty for all that fit
 * @param agents those that are to have it, the ones that do first
 * @param others the rest, and why not
 */
public record Placement(
        String plugin, OptionalInt wanted, List<AgentAddress> agents, Map<AgentAddress, String> others) {
    public Placement {
        agents = List.copyOf(agents);
        others = Collections.unmodifiableMap(new TreeMap<>(others));
    }

    /** How many agents are missing. */
    public int missing() {
        int least = wanted.orElse(1);
        return Math.max(0, least - agents.size());
    }
}
