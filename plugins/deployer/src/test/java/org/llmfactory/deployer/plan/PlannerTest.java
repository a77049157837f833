package org.llmfactory.deployer.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.deployer.testing.Agents.HELLO;
import static org.llmfactory.deployer.testing.Agents.hello;
import static org.llmfactory.deployer.testing.Agents.memory;
import static org.llmfactory.deployer.testing.Agents.node;
import static org.llmfactory.deployer.testing.Agents.view;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.deployer.description.Constraints;
import org.llmfactory.deployer.description.Constraints.Device;
import org.llmfactory.deployer.plan.AgentView.Presence;
import org.llmfactory.deployer.plan.Occupation.Place;

class PlannerTest {
    private static final String MINE = "mine";

    static Stream<Arguments> misfits() {
        return Stream.of(
                Arguments.of(labels(Map.of("disk", "slow")), "has the label disk=fast"),
                Arguments.of(labels(Map.of("rack", "7")), "has no label rack"),
                Arguments.of(device(Device.CUDA), "has no graphics processor"),
                Arguments.of(memory(1001), "has 1000 MiB of memory to give, of 1001 that are needed"),
                Arguments.of(model("huge"), "does not serve huge"),
                Arguments.of(agents("node-2", "shared/node-3"), "is not named"),
                Arguments.of(region("moon"), "is in the region lab"),
                Arguments.of(tenants("proj_1"), "belongs to shared"));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void anAgentThatDoesNotFitGetsNothingAndTheReasonIsTold(Constraints constraints, String reason) {
        Placement placement = planner(List.of(view(1))).place(MINE, hello(1, constraints));

        assertThat(placement.agents()).isEmpty();
        assertThat(placement.missing()).isEqualTo(1);
        assertThat(placement.others()).isEqualTo(Map.of(node(1), reason));
    }

    static Stream<Constraints> fits() {
        return Stream.of(
                labels(Map.of("disk", "fast")),
                device(Device.CPU),
                memory(1000),
                model("tiny"),
                agents("node-1"),
                agents("shared/node-1"),
                region("lab"),
                tenants("shared"));
    }

    @ParameterizedTest
    @MethodSource("fits")
    void anAgentThatFitsIsTaken(Constraints constraints) {
        assertThat(planner(List.of(view(1))).place(MINE, hello(1, constraints)).agents())
                .containsExactly(node(1));
    }

    @Test
    void controllersAreTakenOnlyByName() {
        AgentAddress controller = new AgentAddress("platform", "main");
        List<AgentView> agents = List.of(view(controller, Presence.ALIVE, 1000));

        assertThat(planner(agents)
                        .place(MINE, hello(0, Constraints.NONE))
                        .others()
                        .get(controller))
                .contains("is a controller");
        assertThat(planner(agents)
                        .place(MINE, hello(0, agents("platform/main")))
                        .agents())
                .containsExactly(controller);
    }

    @Test
    void workIsSpreadOverThoseWhoHaveLeastAndMostMemoryLeft() {
        List<AgentView> agents = List.of(
                view(node(1), Presence.ALIVE, 500),
                view(node(2), Presence.ALIVE, 900),
                view(node(3), Presence.ALIVE, 2000));
        Planner planner = planner(agents, new Place(node(3), "other", "org.acme.other", true, 0, false));

        assertThat(planner.place(MINE, hello(2, Constraints.NONE)).agents()).containsExactly(node(2), node(1));
    }

    @Test
    void memoryThatWasPromisedIsNotPromisedTwice() {
        Planner planner = planner(
                List.of(view(node(1), Presence.ALIVE, 1000)),
                new Place(node(1), "other", "org.acme.promised", false, 300, false),
                new Place(node(1), "other", "org.acme.running", true, 5000, false));

        assertThat(planner.place("a", spec("a", 400)).agents()).containsExactly(node(1));
        assertThat(planner.place("b", spec("b", 301)).others())
                .containsEntry(node(1), "has 300 MiB of memory to give, of 301 that are needed");
        assertThat(planner.place("c", spec("c", 300)).agents()).containsExactly(node(1));
    }

    @Test
    void whoHasItKeepsItHoweverLittleMemoryIsLeft() {
        Planner planner = planner(
                List.of(view(node(1), Presence.ALIVE, 0), view(2), view(3)),
                new Place(node(1), MINE, HELLO, true, 600, false));

        Placement placement = planner.place(MINE, hello(1, memory(600)));

        assertThat(placement.agents()).containsExactly(node(1));
        assertThat(placement.others()).containsOnlyKeys(node(2), node(3)).containsValue("is not needed");
    }

    @Test
    void everywhereMeansEveryOneThatFits() {
        Placement placement =
                planner(List.of(view(1), view(2), view(3))).place(MINE, hello(0, agents("node-1", "node-3")));

        assertThat(placement.agents()).containsExactly(node(1), node(3));
        assertThat(placement.missing()).isZero();
        assertThat(planner(List.of()).place(MINE, hello(0, Constraints.NONE)).missing())
                .isEqualTo(1);
    }

    @Test
    void noAgentHasOnePluginForTwoDeployments() {
        Planner planner = planner(List.of(view(1), view(2)), new Place(node(1), "other", HELLO, true, 0, false));

        Placement placement = planner.place(MINE, hello(0, Constraints.NONE));

        assertThat(placement.agents()).containsExactly(node(2));
        assertThat(placement.others()).containsEntry(node(1), "has it for the deployment other");
    }

    @Test
    void whoFailedWithItIsPassedOver() {
        Planner planner = planner(List.of(view(1), view(2)), new Place(node(1), MINE, HELLO, false, 0, true));

        Placement placement = planner.place(MINE, hello(1, Constraints.NONE));

        assertThat(placement.agents()).containsExactly(node(2));
        assertThat(placement.others()).containsEntry(node(1), "failed with it");
    }

    @Test
    void whoHasJustGoneSilentKeepsWhatItHasAndGetsNothingNew() {
        AgentView silent = view(node(1), Presence.SILENT, 1000);

        assertThat(planner(List.of(silent, view(2)), new Place(node(1), MINE, HELLO, true, 0, false))
                        .place(MINE, hello(1, Constraints.NONE))
                        .agents())
                .containsExactly(node(1));
        assertThat(planner(List.of(silent))
                        .place(MINE, hello(1, Constraints.NONE))
                        .others())
                .containsEntry(node(1), "is not heard of");
    }

    @Test
    void workOfALostAgentGoesElsewhere() {
        AgentView lost = view(node(1), Presence.LOST, 1000);

        Placement placement = planner(List.of(lost, view(2)), new Place(node(1), MINE, HELLO, true, 0, false))
                .place(MINE, hello(1, Constraints.NONE));

        assertThat(placement.agents()).containsExactly(node(2));
    }

    @Test
    void theSameQuestionHasTheSameAnswerInWhateverOrderAgentsCome() {
        List<AgentView> agents =
                IntStream.range(0, 50).mapToObj(number -> view(number)).toList();
        List<AgentView> backwards =
                IntStream.range(0, 50).mapToObj(number -> view(49 - number)).toList();

        assertThat(planner(agents).place(MINE, hello(7, Constraints.NONE)).agents())
                .isEqualTo(planner(backwards)
                        .place(MINE, hello(7, Constraints.NONE))
                        .agents())
                .hasSize(7);
    }

    private static org.llmfactory.deployer.description.PluginSpec spec(String plugin, long mib) {
        return new org.llmfactory.deployer.description.PluginSpec(
                plugin, new org.osgi.framework.VersionRange("0"), java.util.OptionalInt.of(1), Map.of(), memory(mib));
    }

    private static Planner planner(List<AgentView> agents, Place... places) {
        return new Planner(agents, new Occupation(Arrays.asList(places)));
    }

    private static Constraints labels(Map<String, String> labels) {
        return constraints(labels, Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Set.of());
    }

    private static Constraints device(Device device) {
        return constraints(Map.of(), Optional.of(device), Optional.empty(), List.of(), Optional.empty(), Set.of());
    }

    private static Constraints model(String model) {
        return constraints(Map.of(), Optional.empty(), Optional.of(model), List.of(), Optional.empty(), Set.of());
    }

    private static Constraints agents(String... agents) {
        return constraints(Map.of(), Optional.empty(), Optional.empty(), List.of(agents), Optional.empty(), Set.of());
    }

    private static Constraints region(String region) {
        return constraints(Map.of(), Optional.empty(), Optional.empty(), List.of(), Optional.of(region), Set.of());
    }

    private static Constraints tenants(String... tenants) {
        return constraints(Map.of(), Optional.empty(), Optional.empty(), List.of(), Optional.empty(), Set.of(tenants));
    }

    private static Constraints constraints(
            Map<String, String> labels,
            Optional<Device> device,
            Optional<String> model,
            List<String> agents,
            Optional<String> region,
            Set<String> tenants) {
        return new Constraints(labels, device, 0, model, agents, region, tenants);
    }
}
