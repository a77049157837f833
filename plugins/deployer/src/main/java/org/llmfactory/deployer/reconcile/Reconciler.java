package org.llmfactory.deployer.reconcile;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.llmfactory.agent.deploy.DeployOutcome;
import org.llmfactory.agent.deploy.WithdrawOutcome;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.deployer.plan.AgentView.Presence;
import org.llmfactory.deployer.plan.Goal;
import org.llmfactory.deployer.plan.Goal.Phase;
import org.llmfactory.deployer.plan.Target;
import org.llmfactory.deployer.plan.World;
import org.llmfactory.deployer.reconcile.Authority.Mandate;
import org.llmfactory.deployer.reconcile.Rollout.Circumstances;
import org.llmfactory.deployer.reconcile.Rollout.Steps;
import org.llmfactory.deployer.state.DeploymentStore;
import org.llmfactory.deployer.state.Instance;
import org.llmfactory.deployer.state.Instance.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what is known into what is wanted. Every look begins with what the tables say, so that a controller that was killed,
 * or another one, goes on where this one was. Used by one thread; answers of agents are brought to it.
 */
final class Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    /**
     * How patient it is.
     *
     * @param drift how long an agent's report may differ from what it answered
     * @param retry after how long an agent on which a proven revision failed may be tried again
     * @param forget after how long nothing more is expected of a lost agent
     */
    record Patience(Duration drift, Duration retry, Duration forget) {}

    /** An order that is being carried out; {@code token} tells its answer from that of an earlier one. */
    private record Flight(Instance instance, long token) {}

    private final DeploymentStore store;
    private final Worlds worlds;
    private final Presences presences;
    private final Authority authority;
    private final Orders orders;
    private final Executor thread;
    private final Clock clock;
    private final Patience patience;
    private final Map<AgentAddress, Flight> flights = new HashMap<>();
    private final Map<AgentAddress, Instant> lostSince = new HashMap<>();
    private final Retries retries = new Retries();
    private final Runnable again;
    private long tokens;

    /**
     * @param thread what brings answers to the reconciler's thread
     * @param again asks for another look soon
     */
    Reconciler(
            DeploymentStore store,
            Worlds worlds,
            Presences presences,
            Authority authority,
            Orders orders,
            Executor thread,
            Runnable again,
            Clock clock,
            Patience patience) {
        this.store = store;
        this.worlds = worlds;
        this.presences = presences;
        this.authority = authority;
        this.orders = orders;
        this.thread = thread;
        this.again = again;
        this.clock = clock;
        this.patience = patience;
    }

    /** Looks at everything and takes the next steps. */
    void look() {
        Optional<Mandate> mandate = authority.mandate();
        if (mandate.isEmpty()) {
            flights.clear();
            return;
        }
        World world = worlds.now();
        flights.keySet().removeIf(agent -> world.presence(agent) == Presence.LOST);
        note(world);
        forget(world);
        Set<AgentAddress> busy = new HashSet<>(flights.keySet());
        for (Goal goal : world.goals().values()) {
            Circumstances circumstances = new Circumstances(
                    busy, retries.waiting(world.instances(goal.deployment()), clock.instant()), gone(world, goal));
            Steps steps = Rollout.next(world, goal, circumstances, clock.instant());
            take(steps, goal, mandate.get());
            steps.deploy().forEach(instance -> busy.add(instance.agent()));
            steps.withdraw().forEach(instance -> busy.add(instance.agent()));
            settle(steps, goal, world);
        }
    }

    private void take(Steps steps, Goal goal, Mandate mandate) {
        store.put(steps.planned());
        for (Instance instance : steps.deploy()) {
            goal.target(instance.plugin()).ifPresent(target -> deploy(instance, target, goal, mandate));
        }
        for (Instance instance : steps.withdraw()) {
            withdraw(instance, mandate);
        }
    }

    private void settle(Steps steps, Goal goal, World world) {
        if (!steps.complete()) {
            return;
        }
        if (goal.phase() == Phase.ROLLING) {
            store.settle(goal.deployment(), goal.revision());
            LOG.info("The deployment {} has revision {} now", goal.deployment(), goal.revision());
        }
        if (goal.phase() == Phase.REMOVING && world.instances(goal.deployment()).isEmpty()) {
            store.forget(goal.deployment());
            LOG.info("Nothing of the deployment {} is left", goal.deployment());
        }
    }

    /** Instances that their agents do not report, long after they said that they have them. */
    private Set<Instance> gone(World world, Goal goal) {
        Instant settled = clock.instant().minus(patience.drift());
        Set<Instance> gone = new HashSet<>();
        for (Instance instance : world.instances(goal.deployment())) {
            if (instance.state() == State.ACTIVE
                    && instance.changed().isBefore(settled)
                    && !presences.reports(instance.agent(), instance.plugin(), instance.digest())) {
                gone.add(instance);
            }
        }
        return gone;
    }

    /** Notes since when agents are lost. */
    private void note(World world) {
        lostSince.keySet().removeIf(agent -> world.presence(agent) != Presence.LOST);
        for (Instance instance : world.instances()) {
            if (world.presence(instance.agent()) == Presence.LOST) {
                lostSince.putIfAbsent(instance.agent(), clock.instant());
            }
        }
    }

    /** Failures that may be tried again, and agents that do not come back. */
    private void forget(World world) {
        Instant now = clock.instant();
        List<Instance> forgotten = new ArrayList<>();
        for (Instance instance : world.instances()) {
            boolean lost = lostSince
                    .getOrDefault(instance.agent(), now)
                    .plus(patience.forget())
                    .isBefore(now);
            boolean steady = Optional.ofNullable(world.goals().get(instance.deployment()))
                    .filter(goal -> goal.phase() == Phase.STEADY)
                    .isPresent();
            boolean pardoned = steady
                    && instance.state() == State.FAILED
                    && instance.changed().plus(patience.retry()).isBefore(now);
            if (lost || pardoned) {
                forgotten.add(instance);
            }
        }
        if (!forgotten.isEmpty()) {
            store.delete(forgotten);
            again.run();
        }
    }

    private void deploy(Instance before, Target target, Goal goal, Mandate mandate) {
        Instance instance = new Instance(
                target.plugin(),
                before.agent(),
                goal.deployment(),
                goal.revision(),
                target.specification(),
                target.digest(),
                target.spec().constraints().freeMemoryMib(),
                State.DEPLOYING,
                before.state() == State.DEPLOYING ? before.reason() : "",
                clock.instant());
        store.put(List.of(instance));
        long token = takeOff(instance);
        LOG.info("Deploying {} {} to {}", target.plugin(), target.version(), instance.agent());
        bring(
                orders.deploy(mandate, instance.agent(), target, goal.strategy().healthSeconds()),
                (outcome, failure) -> deployed(instance, token, goal, outcome, failure));
    }

    private void deployed(
            Instance instance, long token, Goal goal, @Nullable DeployOutcome outcome, @Nullable Throwable failure) {
        if (!land(instance, token)) {
            return;
        }
        if (outcome == null) {
            inVain(instance, State.DEPLOYING, failure);
        } else if (outcome.deployed()) {
            retries.succeeded(instance);
            store.put(List.of(instance.in(State.ACTIVE, "", clock.instant())));
        } else {
            refused(instance, goal, outcome.reason());
        }
        again.run();
    }

    private void refused(Instance instance, Goal goal, String reason) {
        LOG.warn("{} failed on {}: {}", instance.plugin(), instance.agent(), reason);
        store.put(List.of(instance.in(State.FAILED, reason, clock.instant())));
        if (goal.phase() == Phase.ROLLING) {
            String all = "On " + instance.agent() + ": " + reason;
            store.fail(goal.deployment(), goal.revision(), all)
                    .ifPresent(revision -> LOG.warn(
                            "The deployment {} goes back: revision {} takes the place of {}",
                            goal.deployment(),
                            revision,
                            goal.revision()));
        }
    }

    private void withdraw(Instance before, Mandate mandate) {
        Instance instance = before.in(State.REMOVING, before.reason(), clock.instant());
        store.put(List.of(instance));
        long token = takeOff(instance);
        LOG.info("Removing {} from {}", instance.plugin(), instance.agent());
        bring(
                orders.withdraw(mandate, instance.agent(), instance.plugin()),
                (outcome, failure) -> withdrawn(instance, token, outcome, failure));
    }

    private void withdrawn(
            Instance instance, long token, @Nullable WithdrawOutcome outcome, @Nullable Throwable failure) {
        if (!land(instance, token)) {
            return;
        }
        if (outcome == null) {
            inVain(instance, State.REMOVING, failure);
        } else {
            retries.succeeded(instance);
            store.delete(List.of(instance));
        }
        again.run();
    }

    /** Brings an agent's answer to this thread. */
    @SuppressWarnings("FutureReturnValueIgnored") // what fails behind the answer is the thread's to tell
    private <T> void bring(CompletableFuture<T> answer, BiConsumer<@Nullable T, @Nullable Throwable> receiver) {
        answer.whenComplete((outcome, failure) -> thread.execute(() -> receiver.accept(outcome, failure)));
    }

    /** Could not be done now; that says nothing about the plugin. */
    private void inVain(Instance instance, State state, @Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String reason = cause == null ? "no answer" : String.valueOf(cause.getMessage());
        LOG.info("{} on {} is tried again: {}", instance.plugin(), instance.agent(), reason);
        retries.failed(instance, clock.instant());
        store.put(List.of(instance.in(state, reason, clock.instant())));
    }

    /** Whether an answer is being waited for. */
    boolean isWaiting() {
        return !flights.isEmpty();
    }

    private long takeOff(Instance instance) {
        long token = ++tokens;
        flights.put(instance.agent(), new Flight(instance, token));
        return token;
    }

    /** Whether an answer is that of the order which is being waited for. */
    private boolean land(Instance instance, long token) {
        return flights.remove(instance.agent(), new Flight(instance, token))
                && authority.mandate().isPresent();
    }
}
