package org.llmfactory.leadership.election;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.network.AgentAddress;

class ElectionTest {
    /** With hardly anything to spare: clocks that differ by 1 % either way need 2 % more patience than the lease. */
    private static final Timing TIGHT = new Timing(
            Duration.ofSeconds(2),
            Duration.ofMillis(500),
            Duration.ofMillis(2_050),
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            Duration.ofSeconds(5));

    private static final Simulation.Hazards NONE = new Simulation.Hazards(0, 0.01, false, false, false);
    private static final Simulation.Hazards CHAOS = new Simulation.Hazards(0.15, 0.01, true, false, false);
    private static final Simulation.Hazards CHANGES = new Simulation.Hazards(0.15, 0.01, true, true, true);

    @Test
    void aSingleControllerLeadsAtOnce() {
        Simulation one = quiet(1);

        one.run(Duration.ofMillis(500));

        assertThat(one.leading()).containsExactly(one.address(0));
        assertThat(one.newestEpoch()).isEqualTo(1);
    }

    @Test
    void aSingleControllerThatIsStartedAnewLeadsAtOnceInTheNextEpoch() {
        Simulation one = quiet(1);
        one.run(Duration.ofSeconds(3));
        one.node(0).crash();
        one.node(0).start();

        one.run(Duration.ofMillis(500));

        assertThat(one.leading()).containsExactly(one.address(0));
        assertThat(one.newestEpoch()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void someElectOneWhoStaysAsLongAsNothingHappens(int controllers) {
        Simulation some = quiet(controllers);
        some.run(Duration.ofSeconds(10));
        List<AgentAddress> elected = some.leading();
        long epoch = some.newestEpoch();

        some.run(Duration.ofMinutes(5));

        assertThat(elected).hasSize(1);
        assertThat(some.leading()).isEqualTo(elected);
        assertThat(some.newestEpoch()).isEqualTo(epoch);
    }

    @Test
    void oneOfTwoAloneRefuses() {
        Simulation two = quiet(2);
        two.run(Duration.ofSeconds(10));
        two.isolate(0);

        two.run(Duration.ofSeconds(5));
        assertThat(two.leading()).isEmpty();
        two.run(Duration.ofSeconds(30));

        assertThat(two.leading()).isEmpty();
    }

    @Test
    void theSurvivorOfThreeRefusesAloneAndLeadsNothingItWasLeading() {
        Simulation three = quiet(3);
        three.run(Duration.ofSeconds(10));
        int survivor = leader(three);
        for (int i = 0; i < 3; i++) {
            if (i != survivor) {
                three.node(i).crash();
            }
        }

        three.run(Timing.DEFAULT.lease().plusMillis(1));

        assertThat(three.leading()).isEmpty();
        three.run(Duration.ofSeconds(30));
        assertThat(three.leading()).isEmpty();
    }

    @Test
    void twoOfThreeElectAnotherWhenTheLeaderDies() {
        Simulation three = quiet(3);
        three.run(Duration.ofSeconds(10));
        long before = three.newestEpoch();
        three.node(leader(three)).crash();

        three.run(Duration.ofSeconds(8));

        assertThat(three.leading()).hasSize(1);
        assertThat(three.newestEpoch()).isGreaterThan(before);
    }

    @Test
    void aControllerThatWasCutOffDisturbsNobodyWhenItComesBack() {
        Simulation three = quiet(3);
        three.run(Duration.ofSeconds(10));
        List<AgentAddress> elected = three.leading();
        long epoch = three.newestEpoch();
        int follower = (leader(three) + 1) % 3;
        three.isolate(follower);
        three.run(Duration.ofSeconds(60));
        three.join(follower);

        three.run(Duration.ofSeconds(20));

        assertThat(three.leading()).isEqualTo(elected);
        assertThat(three.node(follower).epoch()).isEqualTo(epoch);
        assertThat(three.newestEpoch()).isEqualTo(epoch);
    }

    @Test
    void whoCannotReachTheDatabaseGivesUpToWhoCan() {
        Simulation three = quiet(3);
        three.run(Duration.ofSeconds(10));
        int cut = leader(three);
        three.cutFromDatabase(cut);

        three.run(Duration.ofSeconds(20));

        assertThat(three.leading()).hasSize(1).doesNotContain(three.address(cut));
    }

    @Test
    void aVoteIsKeptOverARestart() {
        Simulation three = quiet(3);
        three.run(Duration.ofSeconds(10));
        long epoch = three.newestEpoch();
        int voter = (leader(three) + 1) % 3;
        Ballot before = three.node(voter).disk();
        three.node(voter).crash();
        three.node(voter).start();
        three.run(Duration.ofSeconds(20));

        assertThat(before.epoch()).isEqualTo(epoch);
        assertThat(three.node(voter).disk()).isEqualTo(before);
        assertThat(three.newestEpoch()).isEqualTo(epoch);
    }

    @Test
    void whateverHappensThereAreNeverTwoLeadersAndOneOnceItIsOver() {
        long steps = LongStream.range(0, 60)
                .map(seed -> storm(seed, 3 + 2 * (int) (seed % 2), TIGHT, CHAOS))
                .sum();

        assertThat(steps).isGreaterThan(1_000_000);
    }

    @Test
    void norWhenControllersComeAndGoAndForgetTheirVotes() {
        long steps = LongStream.range(1_000, 1_060)
                .map(seed -> storm(seed, 2 + (int) (seed % 4), TIGHT, CHANGES))
                .sum();

        assertThat(steps).isGreaterThan(500_000);
    }

    @Test
    void norWithTheTimesThatControllersUse() {
        long steps = LongStream.range(2_000, 2_020)
                .map(seed -> storm(seed, 3, Timing.DEFAULT, CHAOS))
                .sum();

        assertThat(steps).isGreaterThan(500_000);
    }

    /** The checks above can fail: with clocks further apart than patience allows, there are two leaders. */
    @Test
    void theSimulationSeesTwoLeadersWhereClocksAreTooFarApart() {
        Simulation.Hazards wild = new Simulation.Hazards(0.15, 0.5, true, false, false);

        assertThat(LongStream.range(0, 40).boxed().flatMap(seed -> {
                    Simulation simulation = new Simulation(seed, 3, TIGHT, wild);
                    simulation.run(Duration.ofMinutes(2));
                    return simulation.violations().stream();
                }))
                .anyMatch(violation -> violation.contains("lead at once"));
    }

    @Test
    void timesWithWhichTwoCouldLeadAreRefused() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new Timing(second, second.dividedBy(4), second, second, second, second))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Simulation quiet(int controllers) {
        Simulation simulation = new Simulation(controllers, controllers, Timing.DEFAULT, NONE);
        simulation.calm();
        return simulation;
    }

    private static int leader(Simulation simulation) {
        AgentAddress leader = simulation.leading().get(0);
        return Integer.parseInt(leader.name().substring(1));
    }

    /** Two minutes in which things go wrong, then half a minute in which nothing does. */
    private static long storm(long seed, int controllers, Timing timing, Simulation.Hazards hazards) {
        Simulation simulation = new Simulation(seed, controllers, timing, hazards);
        simulation.run(Duration.ofMinutes(2));
        long before = simulation.newestEpoch();
        simulation.heal();
        simulation.run(Duration.ofSeconds(30));

        assertThat(simulation.violations()).as("seed %d", seed).isEmpty();
        assertThat(simulation.leading()).as("seed %d", seed).hasSize(1);
        assertThat(simulation.newestEpoch()).as("seed %d", seed).isGreaterThanOrEqualTo(before);
        assertThat(simulation.leaders().keySet()).as("seed %d", seed).isNotEmpty();
        assertThat(Set.copyOf(simulation.leading()))
                .contains(simulation.leaders().get(simulation.newestEpoch()));
        return simulation.steps();
    }
}
