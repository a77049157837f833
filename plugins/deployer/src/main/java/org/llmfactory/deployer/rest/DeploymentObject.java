package org.llmfactory.deployer.rest;

import com.fasterxml.jackson.annotation.JsonRawValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.deployer.plan.AgentView.Presence;
import org.llmfactory.deployer.plan.Goal;
import org.llmfactory.deployer.plan.Placement;
import org.llmfactory.deployer.plan.Target;
import org.llmfactory.deployer.plan.World;
import org.llmfactory.deployer.rest.PlanObject.Other;
import org.llmfactory.deployer.state.Instance;
import org.llmfactory.deployer.state.Revision;

/**
 * A deployment as it is.
 *
 * @param id its name
 * @param revision the one that holds
 * @param state {@code rolling} while something is changed, {@code waiting} for agents that fit, {@code deployed}, {@code halted} or {@code removing}
 * @param reason why it is halted, or why it went back
 * @param rolledBackFrom the revision that failed, when this one holds in its place; else 0
 * @param description as it was written
 * @param plugins what runs where
 * @param surplus what runs and is wanted no more
 * @param ignored what was said and has no meaning here; only in the answer to an application
 */
public record DeploymentObject(
        String object,
        String id,
        String name,
        int revision,
        String state,
        String reason,
        int rolledBackFrom,
        @JsonRawValue String description,
        List<DeployedPlugin> plugins,
        List<DeployedAgent> surplus,
        List<String> ignored) {

    /**
     * A plugin of a deployment.
     *
     * @param wanted on how many agents; {@code everywhere} or a number
     * @param active on how many it runs as it is wanted
     * @param missing agents that are missing because none fits
     */
    public record DeployedPlugin(
            String plugin,
            String version,
            String digest,
            Object wanted,
            int active,
            int missing,
            List<DeployedAgent> agents,
            List<Other> others) {}

    /**
     * A plugin on an agent.
     *
     * @param state {@code planned}, {@code deploying}, {@code active}, {@code outdated}, {@code failed}, {@code removing} or
     *     {@code lost}
     * @param revision the one that it was deployed for
     * @param reason why it failed, or what is being waited for
     * @param changedAt since when it is so, in epoch seconds
     */
    public record DeployedAgent(
            String agent, String plugin, String state, int revision, String reason, long changedAt) {}

    static DeploymentObject of(World world, Revision revision, List<String> ignored) {
        Goal goal = world.goal(revision.deployment());
        List<Instance> known = world.instances(revision.deployment());
        List<Instance> rest = new ArrayList<>(known);
        List<DeployedPlugin> plugins = new ArrayList<>();
        for (Placement placement : world.placements(revision.deployment())) {
            Target target = goal.target(placement.plugin()).orElseThrow();
            plugins.add(plugin(world, placement, target, rest));
        }
        return new DeploymentObject(
                "deployment",
                revision.deployment(),
                revision.deployment(),
                revision.number(),
                state(goal, plugins),
                revision.reason(),
                revision.automatic() ? revision.number() - 1 : 0,
                revision.document(),
                plugins,
                rest.stream().map(instance -> agent(world, instance, "")).toList(),
                List.copyOf(ignored));
    }

    private static String state(Goal goal, List<DeployedPlugin> plugins) {
        return switch (goal.phase()) {
            case ROLLING -> isWaiting(plugins) ? "waiting" : "rolling";
            case STEADY -> isComplete(plugins) ? "deployed" : isWaiting(plugins) ? "waiting" : "rolling";
            case HALTED -> "halted";
            case REMOVING -> "removing";
        };
    }

    private static boolean isComplete(List<DeployedPlugin> plugins) {
        return plugins.stream()
                .allMatch(plugin -> plugin.active() == plugin.agents().size() && plugin.missing() == 0);
    }

    /** Whether there is nothing left to do but to wait for agents that fit. */
    private static boolean isWaiting(List<DeployedPlugin> plugins) {
        return plugins.stream()
                        .allMatch(plugin -> plugin.active() == plugin.agents().size())
                && plugins.stream().anyMatch(plugin -> plugin.missing() > 0);
    }

    private static DeployedPlugin plugin(World world, Placement placement, Target target, List<Instance> rest) {
        Map<AgentAddress, Instance> present = rest.stream()
                .filter(instance -> instance.plugin().equals(target.plugin()))
                .collect(Collectors.toMap(Instance::agent, Function.identity()));
        List<DeployedAgent> agents = new ArrayList<>();
        int active = 0;
        for (AgentAddress address : placement.agents()) {
            Instance instance = present.get(address);
            if (instance == null) {
                agents.add(new DeployedAgent(address.toString(), target.plugin(), "planned", 0, "", 0));
            } else {
                rest.remove(instance);
                agents.add(agent(world, instance, target.specification()));
                active += instance.isActive(target.specification()) ? 1 : 0;
            }
        }
        return new DeployedPlugin(
                target.plugin(),
                target.version(),
                target.digest(),
                PlanObject.wanted(placement),
                active,
                placement.missing(),
                agents,
                PlanObject.others(placement));
    }

    private static DeployedAgent agent(World world, Instance instance, String specification) {
        boolean outdated = instance.state() == Instance.State.ACTIVE && !instance.isActive(specification);
        boolean lost = world.presence(instance.agent()) == Presence.LOST;
        String state =
                lost ? "lost" : outdated ? "outdated" : instance.state().name().toLowerCase(Locale.ROOT);
        return new DeployedAgent(
                instance.agent().toString(),
                instance.plugin(),
                state,
                instance.revision(),
                instance.reason(),
                instance.changed().getEpochSecond());
    }
}
