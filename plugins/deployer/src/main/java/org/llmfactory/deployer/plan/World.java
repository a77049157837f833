package org.llmfactory.deployer.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.deployer.plan.AgentView.Presence;
import org.llmfactory.deployer.state.Instance;

/**
 * What is wanted, what is known, and where everything is to be.
 *
 * @param goals by the name of their deployment
 * @param agents by address
 * @param instances what is known of plugins on agents
 * @param placements by deployment, then by plugin in the order of its description
 */
public record World(
        Map<String, Goal> goals,
        Map<AgentAddress, AgentView> agents,
        List<Instance> instances,
        Map<String, Map<String, Placement>> placements) {

    /** Places what is wanted. */
    public static World of(List<Goal> goals, List<AgentView> agents, List<Instance> instances) {
        Map<String, Goal> byName = new TreeMap<>();
        goals.forEach(goal -> byName.put(goal.deployment(), goal));
        Planner planner = new Planner(
                agents.stream().sorted(Comparator.comparing(AgentView::address)).toList(),
                new Occupation(instances.stream()
                        .map(instance -> place(instance, byName))
                        .toList()));
        Map<String, Map<String, Placement>> placements = new HashMap<>();
        byName.values().forEach(goal -> {
            Map<String, Placement> ofGoal = new LinkedHashMap<>();
            goal.targets()
                    .forEach(target -> ofGoal.put(target.plugin(), planner.place(goal.deployment(), target.spec())));
            placements.put(goal.deployment(), ofGoal);
        });
        Map<AgentAddress, AgentView> byAddress = new TreeMap<>();
        agents.forEach(agent -> byAddress.put(agent.address(), agent));
        return new World(byName, byAddress, List.copyOf(instances), placements);
    }

    private static Occupation.Place place(Instance instance, Map<String, Goal> goals) {
        boolean failed = Optional.ofNullable(goals.get(instance.deployment()))
                .flatMap(goal -> goal.target(instance.plugin()))
                .filter(target -> instance.hasFailed(target.specification()))
                .isPresent();
        return new Occupation.Place(
                instance.agent(),
                instance.deployment(),
                instance.plugin(),
                instance.state() == Instance.State.ACTIVE,
                instance.memoryMib(),
                failed);
    }

    /** What is wanted of a deployment that there is. */
    public Goal goal(String deployment) {
        Goal goal = goals.get(deployment);
        if (goal == null) {
            throw new IllegalArgumentException("there is no deployment " + deployment);
        }
        return goal;
    }

    /** What is known of a deployment. */
    public List<Instance> instances(String deployment) {
        return instances.stream()
                .filter(instance -> instance.deployment().equals(deployment))
                .toList();
    }

    /** Where a deployment's plugins are to be, in the order of its description. */
    public List<Placement> placements(String deployment) {
        return new ArrayList<>(placements.getOrDefault(deployment, Map.of()).values());
    }

    /** Whether an agent can be reached. */
    public Presence presence(AgentAddress agent) {
        AgentView view = agents.get(agent);
        return view == null ? Presence.LOST : view.presence();
    }
}
