package org.llmfactory.deployer.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.deployer.description.PluginSpec;
import org.llmfactory.deployer.plan.AgentView.Presence;

/**
 * Chooses agents. Who has a plugin and still fits keeps it; what is missing goes to the agents that have least, and among
 * those to the ones with most memory left. The same question has the same answer.
 */
public final class Planner {
    private final List<AgentView> agents;
    private final Occupation occupation;

    /** A planner over the agents as they are; what it gives away is noted in {@code occupation}. */
    public Planner(List<AgentView> agents, Occupation occupation) {
        this.agents = List.copyOf(agents);
        this.occupation = occupation;
    }

    /** Places a plugin of a deployment. */
    public Placement place(String deployment, PluginSpec spec) {
        Set<AgentAddress> holders = occupation.holders(deployment, spec.plugin());
        Map<AgentAddress, String> others = new HashMap<>();
        List<AgentView> fitting = new ArrayList<>();
        for (AgentView agent : agents) {
            Optional<String> fault = fault(deployment, spec, agent, holders.contains(agent.address()));
            if (fault.isPresent()) {
                others.put(agent.address(), fault.get());
            } else {
                fitting.add(agent);
            }
        }
        fitting.sort(Comparator.comparing((AgentView agent) -> !holders.contains(agent.address()))
                .thenComparing(agent -> occupation.count(agent.address()))
                .thenComparing(agent -> -free(agent))
                .thenComparing(AgentView::address));
        int wanted = Math.min(fitting.size(), spec.count().orElse(fitting.size()));
        List<AgentAddress> chosen = new ArrayList<>();
        for (AgentView agent : fitting) {
            if (chosen.size() < wanted) {
                chosen.add(agent.address());
                take(deployment, spec, agent, holders);
            } else {
                others.put(agent.address(), "is not needed");
            }
        }
        return new Placement(spec.plugin(), spec.count(), chosen, others);
    }

    private void take(String deployment, PluginSpec spec, AgentView agent, Set<AgentAddress> holders) {
        if (!holders.contains(agent.address())) {
            occupation.add(new Occupation.Place(
                    agent.address(),
                    deployment,
                    spec.plugin(),
                    false,
                    spec.constraints().freeMemoryMib(),
                    false));
        }
    }

    private Optional<String> fault(String deployment, PluginSpec spec, AgentView agent, boolean holder) {
        if (agent.presence() == Presence.LOST || (agent.presence() == Presence.SILENT && !holder)) {
            return Optional.of("is not heard of");
        }
        Optional<Occupation.Place> present = occupation.find(agent.address(), spec.plugin());
        if (present.filter(place -> !place.deployment().equals(deployment)).isPresent()) {
            return Optional.of("has it for the deployment " + present.get().deployment());
        }
        if (present.filter(Occupation.Place::failed).isPresent()) {
            return Optional.of("failed with it");
        }
        if (agent.presence() == Presence.SILENT) {
            // What it says of itself may not be known yet.
            return Optional.empty();
        }
        return Fit.fault(spec.constraints(), agent, holder ? Optional.empty() : Optional.of(free(agent)));
    }

    private long free(AgentView agent) {
        return Math.max(0, agent.freeMemoryMib() - occupation.promisedMib(agent.address()));
    }
}
