package org.llmfactory.enrollment.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.access.Action;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.enrollment.TestAgent;
import org.llmfactory.enrollment.TestController;
import org.llmfactory.messaging.testing.SettableClock;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;

/** Tokens and agents as operators see them. */
final class NetworkResourcesTest {
    private static final SecurityContext ADMINISTRATOR = Callers.securityContext(Caller.platform(), "127.0.0.1", false);

    @TempDir
    Path homes;

    private final SettableClock clock = new SettableClock();
    private final InMemoryControlPlane network = new InMemoryControlPlane();
    private TestController controller;
    private TokensResource tokens;
    private AgentsResource agents;

    @BeforeEach
    void start() throws IOException {
        controller = new TestController(
                        "central", homes.resolve("central"), TestController.emptyDatabase(), network, clock)
                .withBroker();
        tokens = new TokensResource(controller.tokens, clock);
        agents = new AgentsResource(controller.members);
    }

    @AfterEach
    void stop() {
        controller.close();
        network.close();
    }

    private TokenObject create(String body) throws InterruptedException, IOException {
        return tokens.create(ADMINISTRATOR, (ObjectNode) Json.MAPPER.readTree(body));
    }

    private static JsonNode wire(Object object) throws IOException {
        return Json.MAPPER.readTree(Json.write(object));
    }

    @Test
    void onlyThoseWhoOperateThePlatformReachThem() {
        assertThat(Stream.of(
                                new TokensApplication(controller.tokens, controller.enrollment),
                                new AgentsApplication(controller.members))
                        .flatMap(application -> application.endpoints().stream()))
                .hasSize(7)
                .allSatisfy(endpoint -> assertThat(endpoint.action()).isEqualTo(Action.OPERATE_PLATFORM));
    }

    @Test
    void aTokenIsToldOnce() throws Exception {
        JsonNode made = wire(create("{}"));

        assertThat(made.path("token").asText())
                .startsWith("lf-join-" + made.path("id").asText());
        assertThat(made.path("kind").asText()).isEqualTo("node");
        assertThat(made.path("tenant").asText()).isEqualTo("shared");
        assertThat(made.path("expires_at").asLong() - made.path("created_at").asLong())
                .isEqualTo(3600);
        JsonNode listed = wire(tokens.list(null, null)).path("data").get(0);
        assertThat(listed.path("id")).isEqualTo(made.path("id"));
        assertThat(listed.has("token")).isFalse();
        assertThat(listed.path("state").asText()).isEqualTo("open");
        assertThat(create("{}").toString()).doesNotContain("lf-join-");
    }

    @Test
    void whatATokenCannotBeIsRefusedByTheFieldsName() {
        assertThatThrownBy(() -> create("{\"kind\": \"boss\"}")).hasMessageContaining("'kind'");
        assertThatThrownBy(() -> create("{\"valid_seconds\": 604801}")).hasMessageContaining("'valid_seconds'");
        assertThatThrownBy(() -> create("{\"valid_seconds\": 0}")).hasMessageContaining("'valid_seconds'");
        assertThatThrownBy(() -> create("{\"name\": \"-x\"}")).hasMessageContaining("'name'");
        assertThatThrownBy(() -> create("{\"kind\": \"controller\", \"tenant\": \"shared\"}"))
                .hasMessageContaining("'tenant'");
        assertThatThrownBy(() -> create("{\"tenant\": \"platform\"}")).hasMessageContaining("'tenant'");
        assertThat(tokens.list(null, null).data()).isEmpty();
    }

    @Test
    void aTokenIsTakenBackOnce() throws Exception {
        String id = create("{}").id();

        assertThat(tokens.revoke(ADMINISTRATOR, id).state()).isEqualTo("revoked");
        assertThatThrownBy(() -> tokens.revoke(ADMINISTRATOR, id)).hasMessageContaining("is revoked already");
        assertThatThrownBy(() -> tokens.revoke(ADMINISTRATOR, "none")).hasMessageContaining("There is no token");
        clock.advance(Duration.ofHours(2));
        assertThat(tokens.list(null, null).data())
                .extracting(TokenObject::state)
                .containsExactly("revoked");
    }

    @Test
    void anAgentIsShownRevokedAndForgotten() throws Exception {
        new TestAgent(homes.resolve("node-1"), clock)
                .join(controller.url(), String.valueOf(create("{}").token()), "node-1");

        JsonNode shown = wire(agents.get("shared", "node-1"));
        assertThat(shown.path("address").asText()).isEqualTo("shared/node-1");
        assertThat(shown.path("expires_at").asLong()).isEqualTo(clock.instant().getEpochSecond() + 86_400);
        assertThat(shown.path("revoked_at").isNull()).isTrue();
        assertThat(tokens.list(null, null).data().get(0).agent()).isEqualTo("shared/node-1");

        assertThat(agents.revoke(ADMINISTRATOR, "shared", "node-1").revokedAt()).isNotNull();
        assertThat(agents.delete(ADMINISTRATOR, "shared", "node-1").deleted()).isTrue();
        assertThatThrownBy(() -> agents.get("shared", "node-1")).hasMessageContaining("There is no agent");
        assertThatThrownBy(() -> agents.get("SHARED", "node-1")).hasMessageContaining("There is no agent");
        assertThat(controller.ledger.events()).last().satisfies(event -> {
            assertThat(event.type()).isEqualTo("agent.deleted");
            assertThat(event.resource()).contains("shared/node-1");
        });
    }
}
