package org.llmfactory.deployer.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;

/**
 * What agents have and have been promised, over all deployments. Grows while a plan is made, so that what one plugin is
 * given no other one gets. Used by one thread.
 */
public final class Occupation {
    /**
     * A plugin on an agent.
     *
     * @param deployment whose it is
     * @param plugin its symbolic name
     * @param running whether its memory is in use already, and therefore not counted as free
     * @param memoryMib what it needs
     * @param failed whether it failed there: the agent is no place for it at present
     */
    public record Place(
            AgentAddress agent, String deployment, String plugin, boolean running, long memoryMib, boolean failed) {}

    private final Map<AgentAddress, List<Place>> places = new HashMap<>();

    public Occupation(Iterable<Place> places) {
        places.forEach(this::add);
    }

    void add(Place place) {
        places.computeIfAbsent(place.agent(), unknown -> new ArrayList<>()).add(place);
    }

    /** What a plugin has on an agent. */
    Optional<Place> find(AgentAddress agent, String plugin) {
        return of(agent).stream().filter(place -> place.plugin().equals(plugin)).findFirst();
    }

    /** Agents that have a plugin for a deployment. */
    Set<AgentAddress> holders(String deployment, String plugin) {
        Set<AgentAddress> holders = new HashSet<>();
        places.values().stream()
                .flatMap(List::stream)
                .filter(place ->
                        place.deployment().equals(deployment) && place.plugin().equals(plugin))
                .forEach(place -> holders.add(place.agent()));
        return holders;
    }

    /** Memory that has been promised on an agent and is not in use yet. */
    long promisedMib(AgentAddress agent) {
        return of(agent).stream()
                .filter(place -> !place.running())
                .mapToLong(Place::memoryMib)
                .sum();
    }

    int count(AgentAddress agent) {
        return of(agent).size();
    }

    private List<Place> of(AgentAddress agent) {
        return places.getOrDefault(agent, List.of());
    }
}
