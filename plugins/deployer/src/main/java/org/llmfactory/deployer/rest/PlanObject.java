package org.llmfactory.deployer.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.deployer.plan.Goal;
import org.llmfactory.deployer.plan.Placement;
import org.llmfactory.deployer.plan.Target;
import org.llmfactory.deployer.plan.World;
import org.llmfactory.deployer.state.Instance;

/**
 * What would happen.
 *
 * @param name of the deployment
 * @param revision that would hold
 * @param plugins in the order in which they are rolled out
 * @param removed plugins that would go altogether
 * @param ignored what was said and has no meaning here
 */
public record PlanObject(
        String object,
        String name,
        int revision,
        List<PlannedPlugin> plugins,
        List<Step> removed,
        List<String> ignored) {

    /**
     * What would happen to a plugin.
     *
     * @param wanted on how many agents; {@code everywhere} or a number
     * @param agents what each is for
     * @param missing agents that would be missing
     * @param others agents that would not get it, and why
     */
    public record PlannedPlugin(
            String plugin,
            String version,
            String digest,
            Object wanted,
            List<Step> agents,
            int missing,
            List<Other> others) {}

    /**
     * What an agent is for.
     *
     * @param step {@code deploy}, {@code update}, {@code keep} or {@code remove}
     */
    public record Step(String agent, String plugin, String step) {}

    /** An agent that gets nothing. */
    public record Other(String agent, String reason) {}

    static PlanObject of(World world, Goal goal, List<String> ignored) {
        List<Instance> known = world.instances(goal.deployment());
        List<PlannedPlugin> plugins = world.placements(goal.deployment()).stream()
                .map(placement ->
                        plugin(placement, goal.target(placement.plugin()).orElseThrow(), known))
                .toList();
        List<Step> removed = known.stream()
                .filter(instance -> goal.target(instance.plugin()).isEmpty())
                .map(instance -> new Step(instance.agent().toString(), instance.plugin(), "remove"))
                .toList();
        return new PlanObject(
                "deployment.plan", goal.deployment(), goal.revision(), plugins, removed, List.copyOf(ignored));
    }

    private static PlannedPlugin plugin(Placement placement, Target target, List<Instance> known) {
        Map<AgentAddress, Instance> present = known.stream()
                .filter(instance -> instance.plugin().equals(target.plugin()))
                .collect(Collectors.toMap(Instance::agent, Function.identity()));
        List<Step> steps = new ArrayList<>();
        for (AgentAddress agent : placement.agents()) {
            Instance instance = present.remove(agent);
            String step = instance == null ? "deploy" : instance.isActive(target.specification()) ? "keep" : "update";
            steps.add(new Step(agent.toString(), target.plugin(), step));
        }
        present.keySet().stream()
                .sorted()
                .forEach(agent -> steps.add(new Step(agent.toString(), target.plugin(), "remove")));
        return new PlannedPlugin(
                target.plugin(),
                target.version(),
                target.digest(),
                wanted(placement),
                steps,
                placement.missing(),
                others(placement));
    }

    static Object wanted(Placement placement) {
        return placement.wanted().isPresent() ? placement.wanted().getAsInt() : "everywhere";
    }

    static List<Other> others(Placement placement) {
        return placement.others().entrySet().stream()
                .map(other -> new Other(other.getKey().toString(), other.getValue()))
                .toList();
    }
}
