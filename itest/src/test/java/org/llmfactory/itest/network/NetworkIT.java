package org.llmfactory.itest.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.llmfactory.itest.agent.RunningAgent;

/**
 * A controller, a region that has joined it, a node of that region and a node of the controller, each a process on a machine
 * of its own: {@code near} is one hop from the controller, {@code far} two.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NetworkIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static Machines machines;
    private static Machine controller;
    private static Machine region;
    private static Machine near;
    private static Machine far;
    private static Network network;

    @RegisterExtension
    static final LogsOnFailure LOGS = new LogsOnFailure(() -> machines);

    @BeforeAll
    static void start() throws Exception {
        machines = Machines.create(4);
        controller = machines.get(0);
        region = machines.get(1);
        near = machines.get(2).withModel();
        far = machines.get(3).withModel();
        network = Network.open(controller);
        network.joinRegion(region, "ward");
        network.join(near, "near");
        new Network(region).join(far, "far");
        network.awaitAlive("platform/ward");
        network.awaitEngine("shared/near");
        network.awaitEngine("shared/far");
    }

    /** Whatever the test before left behind. */
    @BeforeEach
    void everyMachineIsUpAndConnected() throws Exception {
        for (Machine machine : machines.all()) {
            machine.heal();
        }
        near.ensureUp("cpu-node");
        far.ensureUp("cpu-node");
        network.awaitAlive("platform/ward");
        network.awaitEngine("shared/near");
        network.awaitEngine("shared/far");
    }

    @AfterAll
    static void stop() throws Exception {
        if (machines != null) {
            machines.close();
        }
    }

    @Test
    @Order(1)
    void everyAgentIsShownWithWhatItHas() throws Exception {
        // What takes a while to find out comes in a later report.
        JsonNode far = await().atMost(SOON)
                .until(
                        () -> network.agent("shared/far"),
                        known -> !known.path("plugins").isEmpty());

        assertThat(far.path("region").asText()).isEqualTo("ward");
        assertThat(far.path("feature").asText()).isEqualTo("cpu-node");
        assertThat(far.path("hardware").path("cores").asInt()).isPositive();
        assertThat(far.path("engines").path(0).path("model").asText()).isEqualTo(RunningAgent.MODEL);
        assertThat(far.path("plugins").findValuesAsText("symbolic_name")).contains("org.llmfactory.inference");
        assertThat(network.agent("shared/near").path("region").asText()).isEqualTo("root");
    }

    @Test
    @Order(2)
    void aChatStreamsThroughANodeTwoHopsAway() throws Exception {
        near.succeed("down");
        network.awaitSilent("shared/near");

        EventStream answer = EventStream.chat(controller, "Count to ten.", 64);

        assertThat(answer.awaitEnd()).as(answer.text()).isEqualTo(EventStream.End.DONE);
        assertThat(answer.tokens()).isGreaterThan(32);
        assertThat(answer.route()).contains("shared/far");
    }

    @Test
    @Order(3)
    void aNodeThatIsKilledInTheMiddleOfAnAnswerEndsItWithAnErrorAndTheNextGoesElsewhere() throws Exception {
        region.cut();
        network.awaitSilent("shared/far");
        EventStream answer = EventStream.chat(controller, "Tell a long story.", 400);
        answer.awaitTokens(5);

        near.kill();

        assertThat(answer.awaitEnd()).isEqualTo(EventStream.End.ERROR);
        region.heal();
        network.awaitAlive("shared/far");
        assertThat(EventStream.chat(controller, "Say hello.", 8).awaitEnd()).isEqualTo(EventStream.End.DONE);
    }

    @Test
    @Order(4)
    void aPartitionOfSecondsIsSurvivedByAnAnswerThatIsBeingStreamed() throws Exception {
        near.succeed("down");
        network.awaitSilent("shared/near");
        EventStream answer = EventStream.chat(controller, "Tell a long story.", 400);
        answer.awaitTokens(5);

        far.cut();
        answer.awaitSilence();
        far.heal();

        assertThat(answer.awaitEnd()).as(answer.text()).isIn(EventStream.End.DONE, EventStream.End.ERROR);
        network.awaitEngine("shared/far");
        assertThat(EventStream.chat(controller, "Say hello.", 8).awaitEnd()).isEqualTo(EventStream.End.DONE);
    }

    @Test
    @Order(5)
    void theControllerComesBackAfterBeingKilledAndFindsItsAgents() throws Exception {
        controller.kill();
        controller.succeed("up", "--feature", "controller");

        network.awaitAlive("platform/ward");
        network.awaitEngine("shared/near");
        network.awaitEngine("shared/far");
        assertThat(EventStream.chat(controller, "Say hello.", 8).awaitEnd()).isEqualTo(EventStream.End.DONE);
    }

    @Test
    @Order(6)
    void aRegionGoesOnWithoutTheController() throws Exception {
        controller.cut();

        assertThat(EventStream.chat(region, "Say hello.", 8).awaitEnd()).isEqualTo(EventStream.End.DONE);
        JsonNode answer = region.json("agent", "call", "shared/far", "agent.ping");
        assertThat(answer.isObject()).isTrue();

        controller.heal();
        network.awaitAlive("shared/far");
    }

    @Test
    @Order(7)
    void aRevokedAgentIsOutAtOnceAndStaysOut() throws Exception {
        controller.succeed("agent", "revoke", "shared/near");

        network.awaitSilent("shared/near");
        near.succeed("down");
        near.factory("up", "--feature", "cpu-node");
        await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> !network.isAlive("shared/near"));
    }
}
