package org.llmfactory.deployer.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.deployer.plan.AgentView.Presence;
import org.llmfactory.deployer.plan.Goal;
import org.llmfactory.deployer.plan.Goal.Phase;
import org.llmfactory.deployer.plan.Placement;
import org.llmfactory.deployer.plan.Target;
import org.llmfactory.deployer.plan.World;
import org.llmfactory.deployer.state.Instance;
import org.llmfactory.deployer.state.Instance.State;

/**
 * The next steps of a deployment: plugin after plugin, the canaries first, then as many agents at a time as the strategy
 * lets be changed; what is to go goes when what takes its place has proved itself. Decides, and does nothing.
 */
final class Rollout {
    /**
     * What happens besides.
     *
     * @param busy agents that are carrying out an order
     * @param waiting instances that were tried in vain a moment ago
     * @param gone instances that their agents do not report any more
     */
    record Circumstances(Set<AgentAddress> busy, Set<Instance> waiting, Set<Instance> gone) {
        static final Circumstances NONE = new Circumstances(Set.of(), Set.of(), Set.of());
    }

    /**
     * What to do.
     *
     * @param planned instances that there are from now on
     * @param deploy instances to be deployed
     * @param withdraw instances to be removed
     * @param complete whether everything is as it is wanted
     */
    record Steps(List<Instance> planned, List<Instance> deploy, List<Instance> withdraw, boolean complete) {}

    private final World world;
    private final Goal goal;
    private final Circumstances circumstances;
    private final Instant now;
    private final List<Instance> planned = new ArrayList<>();
    private final List<Instance> deploy = new ArrayList<>();
    private final List<Instance> withdraw = new ArrayList<>();

    private Rollout(World world, Goal goal, Circumstances circumstances, Instant now) {
        this.world = world;
        this.goal = goal;
        this.circumstances = circumstances;
        this.now = now;
    }

    static Steps next(World world, Goal goal, Circumstances circumstances, Instant now) {
        return new Rollout(world, goal, circumstances, now).steps();
    }

    private Steps steps() {
        boolean done = goal.phase() != Phase.HALTED;
        boolean enough = true;
        List<Instance> known = world.instances(goal.deployment());
        for (Placement placement : world.placements(goal.deployment())) {
            if (done) {
                done = roll(placement, known);
                // Agents that are missing hold nobody up.
                enough &= placement.missing() == 0;
            }
        }
        if (done) {
            // Plugins that are not part of the deployment any more.
            done = withdraw(known.stream()
                    .filter(instance -> goal.target(instance.plugin()).isEmpty())
                    .toList());
        }
        return new Steps(List.copyOf(planned), List.copyOf(deploy), List.copyOf(withdraw), done && enough);
    }

    /** Rolls one plugin out; true when it is on every agent that it is to be on, and on no other. */
    private boolean roll(Placement placement, List<Instance> known) {
        Target target = goal.target(placement.plugin()).orElseThrow();
        Map<AgentAddress, Instance> present = known.stream()
                .filter(instance -> instance.plugin().equals(target.plugin()))
                .collect(Collectors.toMap(Instance::agent, Function.identity()));
        List<Instance> pending = new ArrayList<>();
        int proven = 0;
        for (AgentAddress agent : placement.agents()) {
            Instance instance = Optional.ofNullable(present.remove(agent)).orElseGet(() -> plan(target, agent));
            if (instance.isActive(target.specification())
                    && !circumstances.gone().contains(instance)) {
                proven++;
            } else {
                pending.add(instance);
            }
        }
        start(
                pending,
                proven,
                Math.min(goal.strategy().canary(), placement.agents().size()));
        // Where it failed, the agent has put back what it had.
        present.values().removeIf(instance -> instance.hasFailed(target.specification()));
        return pending.isEmpty() && withdraw(List.copyOf(present.values()));
    }

    private Instance plan(Target target, AgentAddress agent) {
        Instance instance = new Instance(
                target.plugin(),
                agent,
                goal.deployment(),
                goal.revision(),
                target.specification(),
                target.digest(),
                target.spec().constraints().freeMemoryMib(),
                State.PLANNED,
                "",
                now);
        planned.add(instance);
        return instance;
    }

    private void start(List<Instance> pending, int proven, int canaries) {
        int limit = proven < canaries ? canaries - proven : goal.strategy().maxUnavailable();
        for (Instance instance : pending) {
            if (circumstances.busy().contains(instance.agent()) || isUnknown(instance)) {
                limit--;
            }
        }
        for (Instance instance : pending) {
            if (limit > 0 && isReady(instance)) {
                deploy.add(instance);
                limit--;
            }
        }
    }

    /** While a version rolls, an agent that could not be asked counts as one that does not serve: the others have to. */
    private boolean isUnknown(Instance instance) {
        return goal.phase() == Phase.ROLLING && circumstances.waiting().contains(instance);
    }

    /** Removes what can be removed; true when nothing is left that could be. */
    private boolean withdraw(List<Instance> surplus) {
        Set<Instance> reachable = new HashSet<>(surplus);
        reachable.removeIf(instance -> world.presence(instance.agent()) == Presence.LOST);
        reachable.stream().filter(this::isReady).forEach(withdraw::add);
        return reachable.isEmpty();
    }

    private boolean isReady(Instance instance) {
        return world.presence(instance.agent()) == Presence.ALIVE
                && !circumstances.busy().contains(instance.agent())
                && !circumstances.waiting().contains(instance);
    }
}
