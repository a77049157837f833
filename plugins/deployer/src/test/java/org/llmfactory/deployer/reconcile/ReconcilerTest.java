package org.llmfactory.deployer.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.llmfactory.deployer.testing.Agents.HELLO;
import static org.llmfactory.deployer.testing.Agents.node;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.network.testing.InMemoryFleet;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.CleanDatabase;
import org.llmfactory.deployer.plan.AgentView.Presence;
import org.llmfactory.deployer.state.Instance;
import org.llmfactory.deployer.state.Instance.State;
import org.llmfactory.deployer.state.Pin;
import org.llmfactory.deployer.state.Revision.Outcome;
import org.llmfactory.deployer.testing.Term;

class ReconcilerTest {
    private static final Duration LONG = Duration.ofSeconds(11);
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private Database database;
    private Stage stage;

    /** Opens a database with nothing in it; it is closed after the test. */
    Database open() {
        return new CleanDatabase();
    }

    @BeforeEach
    void start() {
        database = open();
        stage = new Stage(database, folder, 3);
    }

    @AfterEach
    void stop() throws Exception {
        stage.close();
        ((AutoCloseable) database).close();
    }

    @Test
    void whatIsAppliedRunsWhereItIsToRun() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "everywhere");

        stage.settle();

        assertThat(stage.running(one)).containsExactly("node-1", "node-2", "node-3");
        assertThat(stage.revision().outcome()).isEqualTo(Outcome.DEPLOYED);
        assertThat(stage.instances()).allMatch(instance -> instance.state() == State.ACTIVE);
        assertThat(stage.node(2).orders()).singleElement().satisfies(order -> {
            assertThat(order.signers()).containsExactly("certificate of Acme");
            assertThat(order.healthSeconds()).isEqualTo(3);
            assertThat(order.epoch()).isEqualTo(1);
        });
        assertThat(stage.ledger.types())
                .containsExactly("plugin.published", "deployment.applied", "deployment.completed");
    }

    @Test
    void theCanaryIsAskedAloneFirst() {
        stage.node(1).hold();
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "everywhere");

        stage.controller().look();
        await().atMost(DEADLINE).until(() -> stage.node(1).orders().size() == 1);
        stage.controller().look();

        assertThat(stage.node(2).orders()).isEmpty();
        stage.node(1).letGo();
        stage.settle();
        assertThat(stage.running(one)).hasSize(3);
    }

    @Test
    void aVersionThatFailsOnTheCanaryIsTakenBackAndNobodyElseEverGetsIt() {
        String one = stage.publish("1.0.0");
        String two = stage.publish("2.0.0");
        stage.apply("1.0.0", one, "everywhere");
        stage.settle();
        stage.node(1).fails(two, "the health check says no");

        stage.apply("2.0.0", two, "everywhere");
        stage.settle();

        assertThat(stage.running(one)).hasSize(3);
        assertThat(stage.node(2).orders()).noneMatch(order -> order.digest().equals(two));
        assertThat(stage.revision().number()).isEqualTo(3);
        assertThat(stage.revision().copiedFrom()).isEqualTo(1);
        assertThat(stage.revision().automatic()).isTrue();
        assertThat(stage.revision().reason()).contains("shared/node-1", "the health check says no");
        assertThat(stage.revision().outcome()).isEqualTo(Outcome.DEPLOYED);
        assertThat(stage.store.revisions(Stage.NAME).get(1).outcome()).isEqualTo(Outcome.FAILED);
        assertThat(stage.ledger.types()).contains("deployment.rolled_back");
    }

    @Test
    void aVersionThatFailsLaterIsTakenBackWhereItHadWorked() {
        String one = stage.publish("1.0.0");
        String two = stage.publish("2.0.0");
        stage.apply("1.0.0", one, "everywhere");
        stage.settle();
        stage.node(3).fails(two, "no");

        stage.apply("2.0.0", two, "everywhere");
        stage.settle();

        assertThat(stage.node(1).orders().get(1).digest()).isEqualTo(two);
        assertThat(stage.running(one)).hasSize(3);
        assertThat(stage.instances()).allMatch(instance -> instance.state() == State.ACTIVE);
    }

    @Test
    void aFirstVersionThatFailsHaltsEverything() {
        String one = stage.publish("1.0.0");
        stage.node(1).fails(one, "no");
        stage.apply("1.0.0", one, "everywhere");

        stage.settle();
        stage.pass(Duration.ofHours(1));
        stage.settle();

        assertThat(stage.revision().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(stage.node(1).orders()).hasSize(1);
        assertThat(stage.node(2).orders()).isEmpty();
        assertThat(stage.ledger.types()).contains("deployment.halted");
        assertThatThrownBy(() -> stage.store.rollBack(Stage.NAME, Actor.system()))
                .hasMessageContaining("No revision of hello before this one");
    }

    @Test
    void aWayBackThatFailsTooHaltsInsteadOfGoingInCircles() {
        String one = stage.publish("1.0.0");
        String two = stage.publish("2.0.0");
        stage.apply("1.0.0", one, "everywhere");
        stage.settle();
        stage.node(1).fails(two, "no");
        stage.node(1).fails(one, "not any more either");

        stage.apply("2.0.0", two, "everywhere");
        stage.settle();

        assertThat(stage.revision().number()).isEqualTo(3);
        assertThat(stage.revision().outcome()).isEqualTo(Outcome.FAILED);
    }

    @Test
    void anAdministratorGoesBackToWhatRanBefore() {
        String one = stage.publish("1.0.0");
        String two = stage.publish("2.0.0");
        stage.apply("1.0.0", one, "everywhere");
        stage.settle();
        stage.apply("2.0.0", two, "everywhere");
        stage.settle();
        assertThat(stage.running(two)).hasSize(3);

        assertThat(stage.store.rollBack(Stage.NAME, Actor.system())).isEqualTo(3);
        stage.settle();

        assertThat(stage.running(one)).hasSize(3);
        assertThat(stage.store.rollBack(Stage.NAME, Actor.system())).isEqualTo(4);
        stage.settle();
        assertThat(stage.running(two)).hasSize(3);
    }

    @Test
    void applyingTheSameTwiceChangesNothing() {
        String one = stage.publish("1.0.0");

        assertThat(stage.apply("1.0.0", one, "2")).isEqualTo(1);
        stage.settle();
        assertThat(stage.apply("1.0.0", one, "2")).isEqualTo(1);
        stage.settle();

        assertThat(stage.nodes.stream().mapToInt(node -> node.orders().size()).sum())
                .isEqualTo(2);
    }

    @Test
    void workOfALostAgentIsMovedAfterTheGraceAndComesBackNoSecondTime() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "2");
        stage.settle();
        assertThat(stage.running(one)).containsExactly("node-1", "node-2");

        stage.node(1).silence();
        stage.settle();
        assertThat(stage.running(one)).hasSize(2);
        stage.pass(LONG);
        stage.settle();
        assertThat(stage.running(one)).containsExactly("node-1", "node-2", "node-3");

        stage.node(1).report();
        stage.settle();
        assertThat(stage.running(one)).hasSize(2);
        assertThat(stage.instances()).hasSize(2);
    }

    @Test
    void aControllerThatWasKilledInTheMiddleGoesOn() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "everywhere");
        stage.node(1).hold();
        stage.controller().look();
        await().atMost(DEADLINE).until(() -> !stage.node(1).orders().isEmpty());
        assertThat(stage.instances()).anyMatch(instance -> instance.state() == State.DEPLOYING);

        Stage.Controller next = stage.restart();
        stage.node(1).letGo();
        next.settle();

        assertThat(stage.running(one)).hasSize(3);
        assertThat(stage.revision().outcome()).isEqualTo(Outcome.DEPLOYED);
        assertThat(stage.node(1).orders()).extracting(order -> order.epoch()).containsExactly(1L, 2L);
    }

    @Test
    void aControllerThatHasJustStartedCallsNobodyLostForAWhile() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "1");
        stage.settle();

        InMemoryFleet nobodyYet = new InMemoryFleet();
        Presences presences = new Presences(nobodyYet, stage.clock, Duration.ofSeconds(10), Duration.ofSeconds(60));
        Worlds worlds = new Worlds(stage.store, presences);

        assertThat(worlds.now().presence(node(1))).isEqualTo(Presence.SILENT);
        assertThat(worlds.now().placements(Stage.NAME).get(0).agents()).containsExactly(node(1));
        stage.pass(Duration.ofSeconds(61));
        assertThat(worlds.now().presence(node(1))).isEqualTo(Presence.LOST);
    }

    @Test
    void aControllerThatAnotherHasReplacedCommandsNobody() {
        Stage.Controller former = stage.controller();
        former.look();
        Stage.Controller present = stage.restart();
        present.look();
        stage.apply("1.0.0", stage.publish("1.0.0"), "everywhere");

        former.look();

        assertThat(former.reconciler.isWaiting()).isFalse();
        present.settle();
        assertThat(stage.revision().outcome()).isEqualTo(Outcome.DEPLOYED);
    }

    @Test
    void aLeaderWhoseTimeIsOverIsNotObeyedAndThatIsNoFailureOfTheVersion() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "1");
        stage.new Controller(new Term(5)).settle();
        String two = stage.publish("2.0.0");
        stage.apply("2.0.0", two, "1");

        Stage.Controller late = stage.new Controller(new Term(4));
        late.settle();

        assertThat(stage.running(one)).containsExactly("node-1");
        assertThat(stage.revision().outcome()).isEqualTo(Outcome.ROLLING);
        assertThat(stage.instances())
                .singleElement()
                .satisfies(instance -> assertThat(instance.reason()).contains("too late"));
        stage.new Controller(new Term(6)).settle();
        assertThat(stage.running(two)).containsExactly("node-1");
    }

    @Test
    void whoDoesNotLeadCommandsNobody() {
        stage.apply("1.0.0", stage.publish("1.0.0"), "everywhere");

        stage.new Controller(new Term(9).end()).settle();

        assertThat(stage.nodes).allMatch(node -> node.orders().isEmpty());
        assertThat(stage.instances()).isEmpty();
    }

    @Test
    void anAgentThatHasNoTimeIsAskedAgainAfterAPause() {
        String one = stage.publish("1.0.0");
        stage.node(1).busy(true);
        stage.apply("1.0.0", one, "1");
        stage.settle();
        stage.settle();
        assertThat(stage.node(1).orders()).hasSize(1);
        assertThat(stage.revision().outcome()).isEqualTo(Outcome.ROLLING);

        stage.node(1).busy(false);
        stage.pass(Duration.ofSeconds(2));
        stage.settle();

        assertThat(stage.running(one)).containsExactly("node-1");
    }

    @Test
    void aPluginThatVanishedFromItsAgentIsDeployedAgain() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "1");
        stage.settle();
        stage.node(1).lose(HELLO);
        stage.settle();
        assertThat(stage.running(one)).as("reports may be a little late").isEmpty();

        stage.pass(Duration.ofSeconds(31));
        stage.settle();

        assertThat(stage.running(one)).containsExactly("node-1");
    }

    @Test
    void anAgentThatJoinsGetsWhatRunsEverywhere() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "everywhere");
        stage.settle();

        stage.addNode(4);
        stage.settle();

        assertThat(stage.running(one)).hasSize(4);
    }

    @Test
    void anAgentOnWhichAProvenVersionFailsIsPassedOverAndTriedAgainMuchLater() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "everywhere");
        stage.settle();
        stage.addNode(4);
        stage.node(4).fails(one, "no");

        stage.settle();
        stage.settle();
        assertThat(stage.node(4).orders()).hasSize(1);
        assertThat(stage.revision().number()).isEqualTo(1);
        assertThat(stage.running(one)).hasSize(3);

        stage.node(4).works(one);
        stage.pass(Duration.ofSeconds(301));
        stage.settle();
        stage.settle();
        assertThat(stage.running(one)).hasSize(4);
    }

    @Test
    void fewerAgentsThanWantedAreWaitedFor() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "4");
        stage.settle();
        assertThat(stage.running(one)).hasSize(3);
        assertThat(stage.revision().outcome()).isEqualTo(Outcome.ROLLING);

        stage.addNode(4);
        stage.settle();

        assertThat(stage.running(one)).hasSize(4);
        assertThat(stage.revision().outcome()).isEqualTo(Outcome.DEPLOYED);
    }

    @Test
    void fewerThanBeforeAreLeftAfterwards() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "3");
        stage.settle();

        stage.apply("1.0.0", one, "1");
        stage.settle();

        assertThat(stage.running(one)).hasSize(1);
        assertThat(stage.instances()).hasSize(1);
    }

    @Test
    void aRemovedDeploymentLeavesNothingBehind() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "everywhere");
        stage.settle();

        stage.store.remove(Stage.NAME, Actor.system());
        stage.settle();
        stage.settle();

        assertThat(stage.running(one)).isEmpty();
        assertThat(stage.instances()).isEmpty();
        assertThat(stage.store.everything().deployments()).isEmpty();
        stage.apply("1.0.0", one, "1");
        stage.settle();
        assertThat(stage.running(one)).hasSize(1);
    }

    @Test
    void whatIsRemovedIsWaitedForOnALostAgentForADay() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "1");
        stage.settle();
        stage.node(1).silence();
        stage.pass(LONG);

        stage.store.remove(Stage.NAME, Actor.system());
        stage.settle();
        stage.settle();
        assertThat(stage.store.everything().deployments()).hasSize(1);
        assertThatThrownBy(() -> stage.apply("1.0.0", one, "1")).hasMessageContaining("is being removed");

        stage.pass(Duration.ofHours(25));
        stage.settle();
        stage.settle();
        assertThat(stage.store.everything().deployments()).isEmpty();
    }

    @Test
    void anotherRevisionMayComeBeforeTheFirstIsRolledOut() {
        String one = stage.publish("1.0.0");
        String two = stage.publish("2.0.0");
        stage.apply("1.0.0", one, "everywhere");
        stage.controller().look();

        stage.apply("2.0.0", two, "everywhere");
        stage.settle();

        assertThat(stage.running(two)).hasSize(3);
        assertThat(stage.store.revisions(Stage.NAME))
                .extracting(revision -> revision.outcome())
                .containsExactly(Outcome.SUPERSEDED, Outcome.DEPLOYED);
    }

    @Test
    void noAgentEverHasTwoVersionsWhateverTheDeployment() {
        String one = stage.publish("1.0.0");
        stage.apply("1.0.0", one, "2");
        String document = "{\"name\":\"other\",\"plugins\":[{\"plugin\":\"" + HELLO + "\",\"count\":3}]}";
        stage.store.apply("other", document, List.of(new Pin(HELLO, "1.0.0", one)), Actor.system());

        stage.settle();

        assertThat(stage.instances()).hasSize(3).extracting(Instance::agent).doesNotHaveDuplicates();
        assertThat(stage.instances()).extracting(Instance::deployment).containsOnly("hello", "other");
    }
}
