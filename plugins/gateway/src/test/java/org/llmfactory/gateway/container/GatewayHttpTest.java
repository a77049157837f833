package org.llmfactory.gateway.container;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.testing.InMemoryAdapterRegistry;
import org.llmfactory.api.agent.Drainable;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.api.model.LocalModel;
import org.llmfactory.api.model.testing.ByteTextCodec;
import org.llmfactory.api.model.testing.StubLocalModel;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** The gateway over HTTP, in a container, with a scripted engine behind it. */
final class GatewayHttpTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final StubLocalModel BASE = StubLocalModel.of("base");
    private static final StubLocalModel OTHER = StubLocalModel.of("other");
    private static final String CHAT = "{\"model\":\"base\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";

    private static GatewayContainer container;
    private static ScriptedInferenceEngine engine;
    private static ServiceRegistration<InferenceEngine> registration;
    private static AdapterInfo adapter;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        container = new GatewayContainer();
        engine = new ScriptedInferenceEngine(BASE.info(), request -> Script.of(bytes("Hello", ByteTextCodec.END)));
        InMemoryAdapterRegistry adapters = new InMemoryAdapterRegistry(BASE.info(), OTHER.info());
        adapter = adapters.add("pirate", BASE.info());
        adapters.add("foreign", OTHER.info());
        container.register(
                Authenticator.class, new InMemoryAuthenticator().allow("key", InMemoryAuthenticator.ADMINISTRATOR));
        container.register(LocalModel.class, BASE);
        container.register(LocalModel.class, OTHER);
        container.register(AdapterRegistry.class, adapters);
        registration = container.register(InferenceEngine.class, engine);
        awaitStatus("/v1/models", 200);
    }

    @AfterAll
    static void stop() throws Exception {
        engine.close();
        container.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1", "/openai/v1", ""})
    void everyBasePathServesTheSame(String base) throws Exception {
        assertThat(json(get(base + "/models")).at("/data/0/id").asText()).isEqualTo("base");
        assertThat(json(get(base + "/models/pirate")).get("parent").asText()).isEqualTo("base");
        assertThat(json(post(base + "/chat/completions", chat("")))
                        .at("/choices/0/message/content")
                        .asText())
                .isEqualTo("Hello");
    }

    @Test
    void conversationIsAnswered() throws Exception {
        HttpResponse<String> response = post("/v1/chat/completions", chat(""));

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode body = json(response);
        assertThat(body.at("/choices/0/message/content").asText()).isEqualTo("Hello");
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
        assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(6);
        assertThat(response.headers().firstValue("x-request-id").orElseThrow()).startsWith("req_");
        assertThat(response.headers().firstValue("openai-version")).contains("2020-10-01");
        assertThat(response.headers().firstValue("openai-processing-ms")).isPresent();
    }

    @Test
    void streamIsChosenByTheBodyAndNotByAccept() throws Exception {
        HttpResponse<String> response = send(request("/v1/chat/completions")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(chat(",\"stream\":true"))));

        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("text/event-stream");
        assertThat(response.body())
                .startsWith("data: {")
                .endsWith("data: [DONE]\n\n")
                .doesNotContain("\"error\"");
    }

    @Test
    void wholeAnswerIsGivenToAClientThatAcceptsEvents() throws Exception {
        HttpResponse<String> response = send(request("/v1/chat/completions")
                .header("Accept", "text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(chat(""))));

        assertThat(response.headers().firstValue("content-type").orElseThrow()).startsWith("application/json");
        assertThat(json(response).get("object").asText()).isEqualTo("chat.completion");
    }

    @Test
    void requestWithoutAKeyIsRefused() throws Exception {
        for (String path : List.of("/v1/models", "/generate", "/anything", "/")) {
            HttpResponse<String> response = CLIENT.send(
                    HttpRequest.newBuilder(container.uri(path)).build(), HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).as(path).isEqualTo(401);
            assertThat(json(response).at("/error/code").asText()).isEqualTo("invalid_api_key");
            assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer realm=\"LLM Factory\"");
            assertThat(response.headers().firstValue("x-request-id")).isPresent();
        }
    }

    @Test
    void wrongKeyIsRefused() throws Exception {
        HttpResponse<String> response = CLIENT.send(
                HttpRequest.newBuilder(container.uri("/v1/models"))
                        .header("Authorization", "Bearer other")
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(json(response).at("/error/message").asText()).contains("Incorrect API key");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/nothing, 404, Invalid URL (GET /v1/nothing)",
        "POST, /openai/v1/x, 404, Invalid URL (POST /openai/v1/x)",
        "POST, /v1/chat, 404, Invalid URL (POST /v1/chat)",
        "GET, /nothing/at/all, 404, Invalid URL (GET /nothing/at/all)",
        "GET, /v1/chat/completions, 405, Not allowed: GET on /v1/chat/completions.",
        "DELETE, /chat/completions, 405, Not allowed: DELETE on /chat/completions."
    })
    void unknownUrlOrMethodIsToldInOpenAisShape(String method, String path, int status, String message)
            throws Exception {
        HttpResponse<String> response = send(request(path).method(method, HttpRequest.BodyPublishers.ofString("{}")));

        assertThat(response.statusCode()).isEqualTo(status);
        JsonNode error = json(response).get("error");
        assertThat(error.get("message").asText()).isEqualTo(message);
        assertThat(error.get("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.has("param")).isTrue();
        assertThat(error.has("code")).isTrue();
    }

    @Test
    void bodyOfAnotherMediaTypeIsRefused() throws Exception {
        HttpResponse<String> response = send(request("/v1/chat/completions")
                .setHeader("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(chat(""))));

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(json(response).at("/error/message").asText()).contains("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"model\":", "", "nonsense", "{\"model\":\"base\"}}", "{\"a\":1,\"a\":2}"})
    void malformedJsonIsRefused(String body) throws Exception {
        HttpResponse<String> response = post("/v1/chat/completions", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/type").asText()).isEqualTo("invalid_request_error");
        assertThat(response.body()).doesNotContain("jackson").doesNotContain("nonsense");
    }

    @Test
    void bodyThatIsNoObjectIsRefused() throws Exception {
        HttpResponse<String> response = post("/v1/chat/completions", "[1,2]");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/code").asText()).isEqualTo("invalid_type");
    }

    @Test
    void nestingIsBounded() throws Exception {
        HttpResponse<String> response =
                post("/v1/chat/completions", "{\"x\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/message").asText()).contains("nesting of 100");
    }

    @Test
    void wrongTypeIsToldWithItsPath() throws Exception {
        HttpResponse<String> response =
                post("/v1/chat/completions", "{\"model\":\"base\",\"messages\":[{\"role\":\"user\",\"content\":7}]}");

        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode error = json(response).get("error");
        assertThat(error.get("param").asText()).isEqualTo("messages[0].content");
        assertThat(error.get("code").asText()).isEqualTo("invalid_type");
    }

    @Test
    void unknownModelIsNotFound() throws Exception {
        HttpResponse<String> response = post("/v1/chat/completions", chat("").replace("base", "nothing"));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).at("/error/code").asText()).isEqualTo("model_not_found");
        assertThat(json(response).get("message")).isEqualTo(json(response).at("/error/message"));
    }

    @Test
    void unknownAdapterIsNotFound() throws Exception {
        HttpResponse<String> response = post("/v1/chat/completions", chat(",\"adapters\":[{\"id\":\"nobody\"}]"));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).at("/error/param").asText()).isEqualTo("adapters[0].id");
    }

    @Test
    void adapterOfAnotherBaseIsRefused() throws Exception {
        HttpResponse<String> response =
                post("/v1/chat/completions", chat(",\"adapters\":[{\"id\":\"foreign\",\"weight\":0.5}]"));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/code").asText()).isEqualTo("adapter_base_mismatch");
    }

    @Test
    void promptBeyondTheContextIsRefused() throws Exception {
        HttpResponse<String> response =
                post("/v1/chat/completions", chat("").replace("\"hi\"", "\"" + "x".repeat(5000) + "\""));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).at("/error/code").asText()).isEqualTo("context_length_exceeded");
        assertThat(json(response).at("/error/message").asText()).contains("4096 tokens");
    }

    @Test
    void bodyOfTenMegabytesIsRefused() throws Exception {
        String body = chat("").replace("\"hi\"", "\"" + "x".repeat(10 << 20) + "\"");

        HttpResponse<String> declared = post("/v1/chat/completions", body);
        assertThat(declared.statusCode()).isEqualTo(413);
        assertThat(json(declared).at("/error/type").asText()).isEqualTo("invalid_request_error");

        HttpResponse<String> undeclared = send(request("/v1/chat/completions")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(UTF_8)))));
        assertThat(undeclared.statusCode()).isEqualTo(413);
        assertThat(json(undeclared).at("/error/message").asText()).contains("4194304 bytes");

        assertThat(post("/v1/chat/completions", chat("")).statusCode()).isEqualTo(200);
    }

    @Test
    void clientThatGoesAwayEndsItsGeneration() throws Exception {
        try (ScriptedInferenceEngine slow =
                new ScriptedInferenceEngine(OTHER.info(), request -> Script.of(bytes("x".repeat(3000)))).stepByStep()) {
            ServiceRegistration<InferenceEngine> other = container.register(InferenceEngine.class, slow);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), container.port())) {
                String body = chat(",\"stream\":true").replace("\"base\"", "\"other\"");
                String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer key\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
                socket.getOutputStream().write((head + body).getBytes(UTF_8));
                slow.allow(3);
                readUntil(socket.getInputStream(), "\"content\":\"x\"");
            }
            await(Duration.ofSeconds(15), () -> {
                slow.allow(1);
                return slow.status().running() == 0;
            });
            assertThat(slow.status().generatedTokens()).isLessThan(3000);
            other.unregister();
        }
        assertThat(post("/v1/chat/completions", chat("")).statusCode()).isEqualTo(200);
    }

    @Test
    void clientThatGoesAwayWhileQueuedIsNoticed() throws Exception {
        try (ScriptedInferenceEngine stuck =
                new ScriptedInferenceEngine(OTHER.info(), request -> Script.of(1)).stepByStep()) {
            ServiceRegistration<InferenceEngine> other = container.register(InferenceEngine.class, stuck);
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), container.port())) {
                String body = chat(",\"stream\":true").replace("\"base\"", "\"other\"");
                String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer key\r\n"
                        + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n";
                socket.getOutputStream().write((head + body).getBytes(UTF_8));
                await(Duration.ofSeconds(5), () -> stuck.status().running() == 1);
            }
            await(Duration.ofSeconds(16), () -> stuck.status().running() == 0);
            assertThat(stuck.status().generatedTokens()).isZero();
            other.unregister();
        }
    }

    @Test
    void twoHundredRequestsAtOnceAreAllAnswered() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String body = chat(i % 2 == 0 ? ",\"stream\":true" : "");
            responses.add(CLIENT.sendAsync(
                    request("/v1/chat/completions")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> response : responses) {
            assertThat(response.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void requestWaitsForAnEngineThatIsAway() throws Exception {
        registration.unregister();
        CompletableFuture<HttpResponse<String>> response = CLIENT.sendAsync(
                request("/v1/chat/completions")
                        .POST(HttpRequest.BodyPublishers.ofString(chat("")))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        await(Duration.ofSeconds(5), () -> waitingThreads() > 0);
        assertThat(response).isNotDone();

        registration = container.register(InferenceEngine.class, engine);

        assertThat(response.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void drainedGatewayTakesNoWorkUntilItIsResumed() throws Exception {
        ServiceReference<?> reference = container.context().getAllServiceReferences(Drainable.class.getName(), null)[0];
        Drainable drainable = (Drainable) container.context().getService(reference);

        assertThat(drainable.drain(Duration.ofSeconds(5))).isTrue();
        HttpResponse<String> refused = post("/v1/chat/completions", chat(""));
        drainable.resume();

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        assertThat(post("/v1/chat/completions", chat("")).statusCode()).isEqualTo(200);
    }

    @Test
    void modelIsFoundByUrlWhateverItsNameHolds() throws Exception {
        assertThat(json(get("/v1/models/base:pirate")).at("/adapter/id").asText())
                .isEqualTo(adapter.id());
        assertThat(json(get("/v1/models/no/such")).at("/error/message").asText())
                .contains("'no/such'");
    }

    @Test
    void loraxClientIsAnsweredInItsOwnShape() throws Exception {
        String body = "{\"inputs\":\"hi\",\"parameters\":{\"adapter_id\":\"pirate\",\"details\":true}}";

        HttpResponse<String> generate = post("/generate", body);
        assertThat(json(generate).get("generated_text").asText()).isEqualTo("Hello");
        assertThat(json(generate).at("/details/finish_reason").asText()).isEqualTo("eos_token");
        assertThat(generate.headers().firstValue("x-adapter-id")).contains("pirate");
        assertThat(generate.headers().firstValue("x-generated-tokens")).contains("6");
        assertThat(json(post("/", body)).at("/0/generated_text").asText()).isEqualTo("Hello");
        assertThat(post("/generate_stream", body).body()).contains("\"generated_text\":\"Hello\"");
        assertThat(post("/", body.replaceFirst("\\{", "{\"stream\":true,")).body())
                .startsWith("data: {\"token\"");
        assertThat(json(get("/info")).get("model_id").asText()).isEqualTo("base");
    }

    @Test
    void loraxErrorsHaveItsShape() throws Exception {
        HttpResponse<String> ties = post(
                "/generate",
                "{\"inputs\":\"hi\",\"parameters\":{\"merged_adapters\":{\"ids\":[\"pirate\"],\"weights\":[1],"
                        + "\"merge_strategy\":\"ties\"}}}");
        assertThat(ties.statusCode()).isEqualTo(422);
        assertThat(json(ties).get("error_type").asText()).isEqualTo("validation");
        assertThat(json(ties).get("error").asText()).contains("ties");

        HttpResponse<String> malformed = post("/generate", "{");
        assertThat(malformed.statusCode()).isEqualTo(422);
        assertThat(json(malformed).get("error").isTextual()).isTrue();
    }

    private static int waitingThreads() {
        return (int) Thread.getAllStackTraces().values().stream()
                .filter(stack -> List.of(stack).stream()
                        .anyMatch(frame -> frame.getMethodName().equals("awaitChange")))
                .count();
    }

    private static void readUntil(InputStream in, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        while (read.indexOf(text) < 0) {
            int next = in.read();
            assertThat(next).as("end of stream after: %s", read).isNotNegative();
            read.append((char) next);
        }
    }

    private static void await(Duration limit, Callable<Boolean> condition) {
        Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    private static void awaitStatus(String path, int status) {
        await(Duration.ofSeconds(20), () -> get(path).statusCode() == status);
    }

    private static String chat(String more) {
        return CHAT.formatted(more);
    }

    private static int[] bytes(String text, int... more) {
        byte[] bytes = text.getBytes(UTF_8);
        int[] ids = new int[bytes.length + more.length];
        for (int i = 0; i < bytes.length; i++) {
            ids[i] = bytes[i] & 0xFF;
        }
        System.arraycopy(more, 0, ids, bytes.length, more.length);
        return ids;
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(container.uri(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer key")
                .header("Content-Type", "application/json");
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return send(request(path).GET());
    }

    private static HttpResponse<String> post(String path, String body) throws Exception {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }
}
