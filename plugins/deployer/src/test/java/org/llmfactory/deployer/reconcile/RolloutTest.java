package org.llmfactory.deployer.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.deployer.testing.Agents.HELLO;
import static org.llmfactory.deployer.testing.Agents.hello;
import static org.llmfactory.deployer.testing.Agents.node;
import static org.llmfactory.deployer.testing.Agents.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.deployer.description.Constraints;
import org.llmfactory.deployer.description.Strategy;
import org.llmfactory.deployer.plan.AgentView;
import org.llmfactory.deployer.plan.AgentView.Presence;
import org.llmfactory.deployer.plan.Goal;
import org.llmfactory.deployer.plan.Goal.Phase;
import org.llmfactory.deployer.plan.Target;
import org.llmfactory.deployer.plan.World;
import org.llmfactory.deployer.reconcile.Rollout.Circumstances;
import org.llmfactory.deployer.reconcile.Rollout.Steps;
import org.llmfactory.deployer.state.Instance;
import org.llmfactory.deployer.state.Instance.State;

class RolloutTest {
    private static final Instant NOW = Instant.EPOCH;
    private static final String MINE = "mine";
    private static final String OLD = "an older jar";

    private final List<AgentView> agents = new ArrayList<>(
            IntStream.rangeClosed(1, 5).mapToObj(number -> view(number)).toList());
    private final List<Instance> known = new ArrayList<>();
    private Strategy strategy = new Strategy(1, 10, 2);
    private Target target = Target.of(hello(5, Constraints.NONE), "2.0.0", "d".repeat(64));
    private Phase phase = Phase.ROLLING;

    @Test
    void theCanaryComesFirst() {
        Steps steps = next(Circumstances.NONE);

        assertThat(steps.planned()).hasSize(5);
        assertThat(agents(steps.deploy())).containsExactly(node(1));
        assertThat(steps.complete()).isFalse();
    }

    @Test
    void whileTheCanaryProvesItselfTheOthersWait() {
        known(State.DEPLOYING, 1);
        known(State.PLANNED, 2, 3, 4, 5);

        assertThat(next(busy(1)).deploy()).isEmpty();
    }

    @Test
    void onceTheCanaryHasProvedItselfAsManyAsMayBeUnavailableFollow() {
        known(State.ACTIVE, 1);
        known(State.PLANNED, 2, 3, 4, 5);

        assertThat(agents(next(Circumstances.NONE).deploy())).containsExactly(node(2), node(3));
        assertThat(agents(next(busy(2)).deploy())).containsExactly(node(3));
        assertThat(agents(next(busy(2, 3)).deploy())).isEmpty();
    }

    @Test
    void withoutCanariesItBeginsAtOnce() {
        strategy = new Strategy(0, 10, 3);

        assertThat(next(Circumstances.NONE).deploy()).hasSize(3);
    }

    @Test
    void aNewVersionHasItsCanaryAmongThoseWhoHaveTheOldOne() {
        target = Target.of(hello(2, Constraints.NONE), "2.0.0", "d".repeat(64));
        outdated(4, 5);

        Steps steps = next(Circumstances.NONE);

        assertThat(agents(steps.deploy())).containsExactly(node(4));
        assertThat(steps.planned()).isEmpty();
    }

    @Test
    void everythingInItsPlaceIsComplete() {
        known(State.ACTIVE, 1, 2, 3, 4, 5);

        Steps steps = next(Circumstances.NONE);

        assertThat(steps).isEqualTo(new Steps(List.of(), List.of(), List.of(), true));
    }

    @Test
    void whoIsMissingHoldsItsCompletionUp() {
        agents.remove(4);
        known(State.ACTIVE, 1, 2, 3, 4);

        assertThat(next(Circumstances.NONE)).isEqualTo(new Steps(List.of(), List.of(), List.of(), false));
    }

    @Test
    void whatIsToGoGoesOnlyWhenTheRestIsInItsPlace() {
        target = Target.of(hello(2, Constraints.NONE), "2.0.0", "d".repeat(64));
        known(State.ACTIVE, 1);
        outdated(2, 3);

        assertThat(next(Circumstances.NONE).withdraw()).isEmpty();
        known.clear();
        known(State.ACTIVE, 1, 2);
        outdated(3);
        Steps steps = next(Circumstances.NONE);
        assertThat(agents(steps.withdraw())).containsExactly(node(3));
        assertThat(steps.complete()).isFalse();
    }

    @Test
    void aPluginThatIsNoPartAnyMoreGoes() {
        known(State.ACTIVE, 1, 2, 3, 4, 5);
        known.add(instance("org.acme.former", 2, State.ACTIVE, "x"));

        assertThat(next(Circumstances.NONE).withdraw())
                .singleElement()
                .satisfies(instance -> assertThat(instance.plugin()).isEqualTo("org.acme.former"));
    }

    @Test
    void theOrderThatADeadControllerGaveIsGivenAgain() {
        known(State.DEPLOYING, 1);
        known(State.PLANNED, 2, 3, 4, 5);

        assertThat(agents(next(Circumstances.NONE).deploy())).containsExactly(node(1));
    }

    @Test
    void whatIsGoneThoughItShouldRunIsDeployedAgain() {
        known(State.ACTIVE, 1, 2, 3, 4, 5);
        phase = Phase.STEADY;

        assertThat(agents(next(new Circumstances(Set.of(), Set.of(), Set.of(known.get(2))))
                        .deploy()))
                .containsExactly(node(3));
    }

    @Test
    void whatWasTriedInVainWaitsAndMayNotServe() {
        known(State.DEPLOYING, 1);
        Circumstances vain = new Circumstances(Set.of(), Set.of(known.get(0)), Set.of());
        strategy = new Strategy(0, 10, 2);

        assertThat(agents(next(vain).deploy())).containsExactly(node(2));
        strategy = new Strategy(0, 10, 1);
        assertThat(next(vain).deploy()).isEmpty();
        strategy = new Strategy(1, 10, 1);
        assertThat(next(vain).deploy()).isEmpty();
    }

    @Test
    void onceDeployedAnAgentOnWhichItFailsHoldsUpNobody() {
        phase = Phase.STEADY;
        strategy = new Strategy(0, 10, 1);
        known(State.DEPLOYING, 1);

        assertThat(agents(next(new Circumstances(Set.of(), Set.of(known.get(0)), Set.of()))
                        .deploy()))
                .containsExactly(node(2));
    }

    @Test
    void nothingIsDoneForWhatIsHalted() {
        phase = Phase.HALTED;
        known(State.FAILED, 1);
        outdated(2);

        assertThat(next(Circumstances.NONE)).isEqualTo(new Steps(List.of(), List.of(), List.of(), false));
    }

    @Test
    void aFailureOfWhatIsProvenIsThatOfTheAgentAndAnotherTakesItsPlace() {
        phase = Phase.STEADY;
        target = Target.of(hello(1, Constraints.NONE), "2.0.0", "d".repeat(64));
        known(State.FAILED, 1);

        Steps steps = next(Circumstances.NONE);

        assertThat(agents(steps.deploy())).containsExactly(node(2));
        assertThat(steps.withdraw()).isEmpty();
    }

    @Test
    void aDeploymentThatIsRemovedLeavesEveryAgentThatCanBeReached() {
        phase = Phase.REMOVING;
        known(State.ACTIVE, 1, 2);
        known(State.FAILED, 3);
        known(State.ACTIVE, 4);
        agents.set(3, view(node(4), Presence.LOST, 0));

        Steps steps = next(Circumstances.NONE);

        assertThat(agents(steps.withdraw())).containsExactlyInAnyOrder(node(1), node(2), node(3));
        assertThat(steps.complete()).isFalse();
    }

    @Test
    void oneLostAgentDoesNotKeepTheOthersFromBeingComplete() {
        target = Target.of(hello(1, Constraints.NONE), "2.0.0", "d".repeat(64));
        agents.set(0, view(node(1), Presence.LOST, 0));
        known(State.ACTIVE, 1, 2);

        Steps steps = next(Circumstances.NONE);

        assertThat(steps.complete()).isTrue();
        agents.set(0, view(1));
        assertThat(agents(next(Circumstances.NONE).withdraw())).containsExactly(node(2));
    }

    private Steps next(Circumstances circumstances) {
        List<Target> targets = phase == Phase.REMOVING ? List.of() : List.of(target);
        Goal goal = new Goal(MINE, 2, phase, strategy, targets);
        return Rollout.next(World.of(List.of(goal), agents, known), goal, circumstances, NOW);
    }

    private void known(State state, int... numbers) {
        for (int number : numbers) {
            known.add(instance(HELLO, number, state, target.specification()));
        }
    }

    private void outdated(int... numbers) {
        for (int number : numbers) {
            known.add(instance(HELLO, number, State.ACTIVE, OLD));
        }
    }

    private static Instance instance(String plugin, int number, State state, String specification) {
        return new Instance(plugin, node(number), MINE, 1, specification, "d".repeat(64), 0, state, "", Instant.EPOCH);
    }

    private static Circumstances busy(int... numbers) {
        Set<AgentAddress> busy = new java.util.HashSet<>();
        for (int number : numbers) {
            busy.add(node(number));
        }
        return new Circumstances(busy, Set.of(), Set.of());
    }

    private static List<AgentAddress> agents(List<Instance> instances) {
        return instances.stream().map(Instance::agent).toList();
    }
}
