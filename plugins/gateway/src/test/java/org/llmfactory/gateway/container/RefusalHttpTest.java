package org.llmfactory.gateway.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request hears over HTTP that is wrong. */
final class RefusalHttpTest {
    @RegisterExtension
    static final TestGateway GATEWAY = new TestGateway();

    @Test
    void requestWithoutAKeyIsRefused() throws Exception {
        for (String path : List.of("/v1/models", "/generate", "/anything", "/")) {
            HttpResponse<String> response = GATEWAY.client()
                    .send(
                            HttpRequest.newBuilder(GATEWAY.container().uri(path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).as(path).isEqualTo(401);
            assertThat(GATEWAY.json(response).at("/error/code").asText()).isEqualTo("invalid_api_key");
            assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer realm=\"LLM Factory\"");
            assertThat(response.headers().firstValue("x-request-id")).isPresent();
        }
    }

    @Test
    void wrongKeyIsRefused() throws Exception {
        HttpResponse<String> response = GATEWAY.client()
                .send(
                        HttpRequest.newBuilder(GATEWAY.container().uri("/v1/models"))
                                .header("Authorization", "Bearer other")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(GATEWAY.json(response).at("/error/message").asText()).contains("Incorrect API key");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/nothing, 404, Invalid URL (GET /v1/nothing)",
        "POST, /openai/v1/x, 404, Invalid URL (POST /openai/v1/x)",
        "POST, /v1/chat, 404, Invalid URL (POST /v1/chat)",
        "GET, /nothing/at/all, 404, Invalid URL (GET /nothing/at/all)",
        "PUT, /v1/chat/completions, 405, Not allowed: PUT on /v1/chat/completions.",
        "DELETE, /chat/completions, 405, Not allowed: DELETE on /chat/completions."
    })
    void unknownUrlOrMethodIsToldInOpenAisShape(String method, String path, int status, String message)
            throws Exception {
        HttpResponse<String> response =
                GATEWAY.send(GATEWAY.request(path).method(method, HttpRequest.BodyPublishers.ofString("{}")));

        assertThat(response.statusCode()).isEqualTo(status);
        JsonNode error = GATEWAY.json(response).get("error");
        assertThat(error.get("message").asText()).isEqualTo(message);
        assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.has("param")).isTrue();
        assertThat(error.has("code")).isTrue();
    }

    @Test
    void bodyOfAnotherMediaTypeIsRefused() throws Exception {
        HttpResponse<String> response = GATEWAY.send(GATEWAY.request("/v1/chat/completions")
                .setHeader("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(TestGateway.chat(""))));

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(GATEWAY.json(response).at("/error/message").asText()).contains("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"model\":", "", "nonsense", "{\"model\":\"base\"}}", "{\"a\":1,\"a\":2}"})
    void malformedJsonIsRefused(String body) throws Exception {
        HttpResponse<String> response = GATEWAY.post("/v1/chat/completions", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(GATEWAY.json(response).at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(response.body()).doesNotContain("jackson").doesNotContain("nonsense");
    }

    @Test
    void bodyThatIsNoObjectIsRefused() throws Exception {
        HttpResponse<String> response = GATEWAY.post("/v1/chat/completions", "[1,2]");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(GATEWAY.json(response).at("/error/code").asText()).isEqualTo("invalid_type");
    }

    @Test
    void nestingIsBounded() throws Exception {
        HttpResponse<String> response =
                GATEWAY.post("/v1/chat/completions", "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(GATEWAY.json(response).at("/error/message").asText()).contains("nesting of 100");
    }

    @Test
    void wrongTypeIsToldWithItsPath() throws Exception {
        HttpResponse<String> response = GATEWAY.post(
                "/v1/chat/completions", "{\"model\":\"base\",\"messages\":[{\"role\":\"user\",\"content\":7}]}");

        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode error = GATEWAY.json(response).get("error");
        assertThat(error.get("param").asText()).isEqualTo("messages[0].content");
        assertThat(error.get("code").asText()).isEqualTo("invalid_type");
    }

    @Test
    void unknownModelIsNotFound() throws Exception {
        HttpResponse<String> response =
                GATEWAY.post("/v1/chat/completions", TestGateway.chat("").replace("base", "nothing"));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(GATEWAY.json(response).at("/error/code").asText()).isEqualTo("model_not_found");
        assertThat(GATEWAY.json(response).get("message"))
                .isEqualTo(GATEWAY.json(response).at("/error/message"));
    }

    @Test
    void unknownAdapterIsNotFound() throws Exception {
        HttpResponse<String> response =
                GATEWAY.post("/v1/chat/completions", TestGateway.chat(",\"adapters\":[{\"id\":\"nobody\"}]"));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(GATEWAY.json(response).at("/error/param").asText()).isEqualTo("adapters[0].id");
    }

    @Test
    void adapterOfAnotherBaseIsRefused() throws Exception {
        HttpResponse<String> response = GATEWAY.post(
                "/v1/chat/completions", TestGateway.chat(",\"adapters\":[{\"id\":\"foreign\",\"weight\":0.5}]"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(GATEWAY.json(response).at("/error/code").asText()).isEqualTo("adapter_base_mismatch");
    }

    @Test
    void promptBeyondTheContextIsRefused() throws Exception {
        HttpResponse<String> response = GATEWAY.post(
                "/v1/chat/completions", TestGateway.chat("").replace("\"hi\"", "\"" + "x".repeat(5000) + "\""));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(GATEWAY.json(response).at("/error/code").asText()).isEqualTo("context_length_exceeded");
        assertThat(GATEWAY.json(response).at("/error/message").asText()).contains("4096 tokens");
    }

    @Test
    void bodyOfTenMegabytesIsRefused() throws Exception {
        String body = TestGateway.chat("").replace("\"hi\"", "\"" + "x".repeat(10 << 20) + "\"");

        HttpResponse<String> declared = GATEWAY.post("/v1/chat/completions", body);
        assertThat(declared.statusCode()).isEqualTo(413);
        assertThat(GATEWAY.json(declared).at("/error/type").asText()).isEqualTo("invalid_request_error");

        HttpResponse<String> undeclared = GATEWAY.send(GATEWAY.request("/v1/chat/completions")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(UTF_8)))));
        assertThat(undeclared.statusCode()).isEqualTo(413);
        assertThat(GATEWAY.json(undeclared).at("/error/message").asText()).contains("4194304 bytes");

        assertThat(GATEWAY.post("/v1/chat/completions", TestGateway.chat("")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void loraxErrorsHaveItsShape() throws Exception {
        HttpResponse<String> ties = GATEWAY.post(
                "/generate",
                "{\"inputs\":\"hi\",\"parameters\":{\"merged_adapters\":{\"ids\":[\"pirate\"],\"weights\":[1],"
                        + "\"merge_strategy\":\"ties\"}}}");
        assertThat(ties.statusCode()).isEqualTo(422);
        assertThat(GATEWAY.json(ties).get("error_type").asText()).isEqualTo("validation");
        assertThat(GATEWAY.json(ties).get("error").asText()).contains("ties");

        HttpResponse<String> malformed = GATEWAY.post("/generate", "{");
        assertThat(malformed.statusCode()).isEqualTo(422);
        assertThat(GATEWAY.json(malformed).get("error").isTextual()).isTrue();
    }
}
