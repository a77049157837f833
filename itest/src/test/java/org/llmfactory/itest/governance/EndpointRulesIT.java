package org.llmfactory.itest.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.itest.agent.ApiClient;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.SharedAgent;

/**
 * The running agent answers at every endpoint, and for every sort of caller, as the table in {@link Action} says. Which
 * endpoints there are stands in {@code endpoints.txt}: a new one is entered there by whoever adds it.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@ExtendWith(SharedAgent.class)
class EndpointRulesIT {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String UNKNOWN_PROJECT = "proj_" + "0".repeat(24);

    private final Platform platform;

    EndpointRulesIT(Platform platform) {
        this.platform = platform;
    }

    @Test
    void theEndpointsAreThoseOfTheList() throws Exception {
        List<String> listed = Files.readAllLines(
                Path.of(EndpointRulesIT.class.getResource("/endpoints.txt").toURI()));

        // Some endpoints are there in a network only, which the first token opens.
        ApiClient.accepted(
                platform.administrator().post("/admin/network/tokens", Map.of("kind", "node", "tenant", "shared")));

        // Plugins come one after the other while the agent starts.
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(CatalogEntry.all(platform.administrator()))
                        .extracting(CatalogEntry::line)
                        .containsExactlyInAnyOrderElementsOf(listed));
    }

    @TestFactory
    Stream<DynamicContainer> everyEndpointKeepsItsRule() throws Exception {
        String project = platform.project("rules");
        List<Visitor> visitors = Visitor.of(platform, project);
        return CatalogEntry.all(platform.administrator()).stream()
                .map(endpoint -> dynamicContainer(
                        endpoint.line(), visitors.stream().map(visitor -> row(endpoint, visitor, project))));
    }

    private static DynamicTest row(CatalogEntry endpoint, Visitor visitor, String project) {
        String asked = endpoint.endsProject() ? UNKNOWN_PROJECT : project;
        return dynamicTest(visitor.name() + ": " + endpoint.line(), () -> {
            HttpResponse<String> answer = endpoint.ask(visitor.client(), asked);
            if (visitor.caller().isEmpty()) {
                assertThat(answer.statusCode()).isEqualTo(401);
                assertHouseError(answer, ErrorCode.INVALID_API_KEY);
            } else {
                assertAsTheTableSays(answer, endpoint, visitor.caller().get(), asked);
            }
            if (visitor.outsider() && endpoint.namesProject()) {
                assertSame(answer, asked, endpoint.ask(visitor.client(), UNKNOWN_PROJECT));
            }
        });
    }

    private static void assertAsTheTableSays(
            HttpResponse<String> answer, CatalogEntry endpoint, Caller caller, String project) {
        Optional<FactoryException> refusal =
                refusal(caller, endpoint.action(), endpoint.namesProject() ? project : caller.project());
        if (refusal.isPresent()) {
            ErrorCode code = refusal.get().code();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(code.status());
            if (endpoint.isOfLorax()) {
                assertLoraxError(answer, refusal.get());
            } else {
                assertHouseError(answer, code);
                assertThat(ApiClient.json(answer).path("error").path("message").asText())
                        .isEqualTo(refusal.get().getMessage());
            }
        } else {
            assertThat(answer.statusCode()).as(answer.body()).isLessThan(500).isNotIn(401, 403, 405, 415);
            assertThat(answer.body()).doesNotContain("Invalid URL");
        }
    }

    private static Optional<FactoryException> refusal(Caller caller, Action action, String project) {
        try {
            AccessPolicy.checkAny(caller, action, project);
            return Optional.empty();
        } catch (FactoryException refusal) {
            return Optional.of(refusal);
        }
    }

    private static void assertHouseError(HttpResponse<String> answer, ErrorCode code) {
        JsonNode error = ApiClient.json(answer).path("error");
        assertThat(error.fieldNames()).toIterable().containsExactlyInAnyOrder("message", "type", "param", "code");
        assertThat(error.path("message").asText()).isNotBlank();
        assertThat(error.path("type").asText()).isEqualTo(code.type());
        assertThat(error.path("code").asText(null)).isEqualTo(code.code());
    }

    private static void assertLoraxError(HttpResponse<String> answer, FactoryException refusal) {
        String type = refusal.code() == ErrorCode.NOT_FOUND ? "not_found" : "authentication";
        assertThat(ApiClient.json(answer).path("error").asText()).isEqualTo(refusal.getMessage());
        assertThat(ApiClient.json(answer).path("error_type").asText()).isEqualTo(type);
    }

    /** Nothing but the project's id, which the outsider said himself, tells one answer from the other. */
    private static void assertSame(HttpResponse<String> answer, String project, HttpResponse<String> aboutNothing) {
        assertThat(answer.statusCode()).isEqualTo(aboutNothing.statusCode());
        assertThat(answer.body().replace(project, UNKNOWN_PROJECT)).isEqualTo(aboutNothing.body());
        assertThat(answer.headers().map().keySet())
                .isEqualTo(aboutNothing.headers().map().keySet());
        assertThat(answer.headers().firstValue("Content-Length"))
                .isEqualTo(aboutNothing.headers().firstValue("Content-Length"));
    }
}
