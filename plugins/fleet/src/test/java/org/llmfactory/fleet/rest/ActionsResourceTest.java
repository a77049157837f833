package org.llmfactory.fleet.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.testing.InMemoryFleet;
import org.llmfactory.fleet.roster.Reports;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;

class ActionsResourceTest {
    private static final SecurityContext OPERATOR =
            Callers.securityContext(InMemoryAuthenticator.ADMINISTRATOR, "127.0.0.1", false);

    private final InMemoryFleet fleet = new InMemoryFleet();
    private final Network network = new Network();
    private final ActionAudit audit = new ActionAudit();
    private final InMemoryLedger ledger = new InMemoryLedger();
    private final ScriptedControlPlane agents = new ScriptedControlPlane();
    private final ActionsResource resource = new ActionsResource(fleet, network, audit);

    ActionsResourceTest() {
        network.controlPlane = agents;
        audit.ledger = ledger;
        fleet.report(AgentAddress.parse("shared/node-1"), Reports.of("region-1", Instant.EPOCH, Map.of(), 0));
    }

    private static ObjectNode arguments() {
        return Json.MAPPER.createObjectNode().put("password", "plover");
    }

    private byte[] call(String action, String timeout, ObjectNode arguments) {
        return resource.call(OPERATOR, "shared", "node-1", action, timeout, arguments);
    }

    @Test
    void anAgentSaysWhatItCanBeAskedFor() {
        assertThat(resource.list("shared", "node-1")).asString(UTF_8).contains("\"echo\"");
        assertThat(ledger.events()).isEmpty();
    }

    @Test
    void theResultIsTheAnswer() {
        assertThat(call("echo", null, arguments())).asString(UTF_8).isEqualTo("{\"password\":\"plover\"}");
        assertThat(agents.calls)
                .singleElement()
                .satisfies(call -> assertThat(call.deadline()).isEqualTo(Duration.ofSeconds(30)));
    }

    @Test
    void whoAskedWhomForWhatIsEnteredButNotWithWhat() {
        call("echo", "600", arguments());

        assertThat(ledger.events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("agent.action.called");
            assertThat(event.resource()).hasValue("shared/node-1");
            assertThat(event.details()).isEqualTo(Map.of("action", "echo"));
            assertThat(event.actor().address()).isEqualTo("127.0.0.1");
        });
    }

    @Test
    void whatTheAgentRefusesIsRefused() {
        assertThatThrownBy(() -> call("no.such.action", null, null))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "601", "soon", "99999999999999999999"})
    void aDeadlineOutsideItsRangeIsRefused(String timeout) {
        assertThatThrownBy(() -> call("echo", timeout, null))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refused -> assertThat(refused.parameter()).hasValue("timeout_seconds"));
        assertThat(agents.calls).isEmpty();
        assertThat(ledger.events()).isEmpty();
    }

    @Test
    void aNameThatIsNoActionsGoesToNobody() {
        assertThatThrownBy(() -> call("Echo\n", null, null)).isInstanceOf(FactoryException.class);
        assertThat(agents.calls).isEmpty();
    }

    @Test
    void withoutANetworkNobodyIsAsked() {
        network.controlPlane = null;

        assertThatThrownBy(() -> resource.list("shared", "node-1"))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
}
