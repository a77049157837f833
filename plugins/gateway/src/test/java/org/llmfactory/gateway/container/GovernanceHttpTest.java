package org.llmfactory.gateway.container;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.Governor;
import org.llmfactory.api.governance.Outcome;
import org.llmfactory.api.governance.testing.RecordingGovernor;
import org.llmfactory.api.governance.testing.RecordingGovernor.Settled;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.project.Projects;
import org.llmfactory.gateway.GatewayFixture;
import org.osgi.framework.ServiceRegistration;

/** That every request passes the governor, over HTTP. */
final class GovernanceHttpTest {
    private static final List<List<String>> REQUESTS = List.of(
            List.of("/v1/chat/completions", TestGateway.chat("")),
            List.of("/v1/chat/completions", TestGateway.chat(",\"stream\":true")),
            List.of("/v1/completions", "{\"model\":\"base\",\"prompt\":\"hi\"}"),
            List.of("/v1/completions", "{\"model\":\"base\",\"prompt\":\"hi\",\"stream\":true}"),
            List.of("/generate", "{\"inputs\":\"hi\"}"),
            List.of("/generate_stream", "{\"inputs\":\"hi\"}"),
            List.of("/", "{\"inputs\":\"hi\"}"));

    @RegisterExtension
    static final TestGateway GATEWAY = new TestGateway();

    @Test
    void everyInterfaceTellsLimitsAndTimings() throws Exception {
        for (List<String> request : REQUESTS) {
            int before = GATEWAY.governor().settled().size();
            HttpResponse<String> response = GATEWAY.post("alice", request.get(0), request.get(1));

            assertThat(response.statusCode()).as(request.get(0)).isEqualTo(200);
            assertThat(response.headers().firstValue("x-ratelimit-limit-requests"))
                    .contains("60");
            assertThat(response.headers().firstValue("server-timing").orElseThrow())
                    .matches("auth;dur=[0-9.]+, policy;dur=[0-9.]+, limit;dur=[0-9.]+, audit;dur=[0-9.]+");
            List<Settled> settled = GATEWAY.governor().settled();
            assertThat(settled).hasSize(before + 1);
            Settled last = settled.get(before);
            assertThat(last.caller().id()).isEqualTo("user-alice");
            assertThat(last.work().address()).isEqualTo("127.0.0.1");
            assertThat(last.outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(last.usage().outputTokens()).isEqualTo(6);
        }
    }

    @Test
    void nothingIsAnsweredWithoutAGovernor() throws Exception {
        GATEWAY.without(Governor.class, () -> {
            for (List<String> request : REQUESTS) {
                HttpResponse<String> response = GATEWAY.post(request.get(0), request.get(1));

                boolean lorax = !request.get(0).startsWith("/v1");
                assertThat(response.statusCode()).as(request.get(0)).isEqualTo(lorax ? 429 : 503);
                assertThat(response.body()).contains("policies plugin is not running");
                assertThat(response.headers().firstValue("retry-after")).contains("5");
            }
        });
        assertThat(GATEWAY.post("/generate", "{\"inputs\":\"hi\"}").statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusalTellsOfTheLimits() throws Exception {
        RecordingGovernor strict = new RecordingGovernor();
        strict.refuse(FactoryException.retryLater(ErrorCode.RATE_LIMITED, Duration.ofSeconds(7), "Wait.")
                .withHeaders(Map.of("x-ratelimit-limit-requests", "60", "x-ratelimit-remaining-requests", "0")));
        GATEWAY.without(Governor.class, () -> {
            ServiceRegistration<Governor> registration = GATEWAY.container().register(Governor.class, strict);
            for (List<String> request : REQUESTS) {
                HttpResponse<String> response = GATEWAY.post(request.get(0), request.get(1));

                assertThat(response.statusCode()).as(request.get(0)).isEqualTo(429);
                assertThat(response.headers().firstValue("x-ratelimit-limit-requests"))
                        .contains("60");
                assertThat(response.headers().firstValue("x-ratelimit-remaining-requests"))
                        .contains("0");
                assertThat(response.headers().firstValue("retry-after")).contains("7");
            }
            registration.unregister();
        });
    }

    @Test
    void nothingIsListedWhileNobodyKnowsWhatProjectsDecided() throws Exception {
        GATEWAY.without(
                Projects.class,
                () -> assertThat(GATEWAY.get("/v1/models").statusCode()).isEqualTo(503));
        assertThat(GATEWAY.get("/v1/models").statusCode()).isEqualTo(200);
    }

    @Test
    void viewerMayListButNotGenerate() throws Exception {
        assertThat(GATEWAY.get("viewer", "/v1/models").body()).contains("\"base\"");
        for (List<String> request : REQUESTS) {
            assertThat(GATEWAY.post("viewer", request.get(0), request.get(1)).statusCode())
                    .as(request.get(0))
                    .isEqualTo(403);
        }
        assertThat(GATEWAY.get("viewer", "/v1/chat/completions").statusCode()).isEqualTo(403);
    }

    @Test
    void clientThatGoesAwayIsChargedWhatWasGenerated() throws Exception {
        try (ScriptedInferenceEngine slow = new ScriptedInferenceEngine(
                        TestGateway.OTHER.info(), request -> Script.of(GatewayFixture.ids("y".repeat(3000))))
                .stepByStep()) {
            ServiceRegistration<InferenceEngine> other = GATEWAY.container().register(InferenceEngine.class, slow);
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), GATEWAY.container().port())) {
                String body = TestGateway.chat(",\"stream\":true,\"seed\":4711").replace("\"base\"", "\"other\"");
                socket.getOutputStream().write(TestGateway.wire("/v1/chat/completions", body));
                slow.allow(3);
                readUntil(socket.getInputStream(), "\"content\":\"y\"");
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(15))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        slow.allow(1);
                        return settledBy(slow) != null;
                    });

            assertThat(settledBy(slow).outcome()).isEqualTo(Outcome.CANCELLED);
            assertThat(settledBy(slow).usage().outputTokens())
                    .isEqualTo(slow.status().generatedTokens())
                    .isBetween(3L, 2999L);
            other.unregister();
        }
    }

    @Test
    void deletionNeedsTheLedgerAndTheRight() throws Exception {
        GATEWAY.adapters()
                .add(
                        new AdapterRegistry.Label("gone", "proj_default", "user-alice", Visibility.PROJECT),
                        TestGateway.BASE.info());

        assertThat(GATEWAY.delete("bob", "/v1/models/gone").statusCode()).isEqualTo(403);
        GATEWAY.without(
                Ledger.class,
                () -> assertThat(GATEWAY.delete("alice", "/v1/models/gone").statusCode())
                        .isEqualTo(503));
        JsonNode deleted = GATEWAY.json(GATEWAY.delete("alice", "/v1/models/gone"));

        assertThat(deleted.get("deleted").asBoolean()).isTrue();
        assertThat(GATEWAY.ledger().types()).contains("adapter.deleted");
        assertThat(GATEWAY.get("alice", "/v1/models/gone").statusCode()).isEqualTo(404);
    }

    private static Settled settledBy(ScriptedInferenceEngine engine) {
        return GATEWAY.governor().settled().stream()
                .filter(settled -> settled.work().model().equals(engine.model().id())
                        && settled.output().stream().anyMatch(text -> text.startsWith("y")))
                .findFirst()
                .orElse(null);
    }

    private static void readUntil(InputStream in, String text) throws Exception {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            int next = in.read();
            assertThat(next).as("end of stream after: %s", read).isNotNegative();
            read.append((char) next);
        }
    }
}
