package org.llmfactory.itest.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.itest.plugin.PluginSignature;
import org.llmfactory.itest.plugin.ShippedPlugin;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.agent.Agent;
import org.llmfactory.launcher.agent.Installation;
import org.llmfactory.launcher.terminal.Terminal;

/** The shipped agent, from outside. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@ExtendWith(SharedAgent.class)
@TestInstance(Lifecycle.PER_CLASS)
class AgentIT {
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newHttpClient();
    private final RunningAgent agent;

    AgentIT(Platform platform) {
        this.agent = platform.agent();
    }

    @BeforeAll
    void addAdapter() throws Exception {
        agent.addAdapter("adapter-a");
    }

    @Test
    void healthNeedsNoKeyAndEverythingElseDoes() throws Exception {
        assertThat(send(HttpRequest.newBuilder(uri("/health"))).statusCode()).isEqualTo(200);
        for (String path : List.of("/v1/models", "/metrics", "/admin/plugins", "/info")) {
            assertThat(send(HttpRequest.newBuilder(uri(path))).statusCode())
                    .as(path)
                    .isEqualTo(401);
            assertThat(send(authorized(path)).statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    void aBrowserAtTheWebConsoleIsSentToTheSignInPage() throws Exception {
        HttpResponse<String> nobody = send(HttpRequest.newBuilder(uri("/system/console/bundles")));

        assertThat(nobody.statusCode()).isEqualTo(302);
        assertThat(nobody.headers().firstValue("Location"))
                .hasValueSatisfying(location -> assertThat(location).contains("/auth/sign-in?next="));
        assertThat(send(authorized("/system/console/bundles")).statusCode()).isEqualTo(200);
    }

    @Test
    void theOfficialJavaClientChats() throws Exception {
        OpenAIClient client = client();
        ChatCompletion answer = client.chat().completions().create(chat("adapter-a"));

        assertThat(answer.choices()).hasSize(1);
        assertThat(answer.usage().orElseThrow().completionTokens()).isBetween(1L, 16L);
        assertThat(answer.choices().get(0).message().content()).isPresent();
    }

    @Test
    void theOfficialJavaClientStreamsTheSameText() throws Exception {
        OpenAIClient client = client();
        String whole = client.chat()
                .completions()
                .create(chat(RunningAgent.MODEL))
                .choices()
                .get(0)
                .message()
                .content()
                .orElseThrow();
        String streamed;
        try (StreamResponse<ChatCompletionChunk> chunks =
                client.chat().completions().createStreaming(chat(RunningAgent.MODEL))) {
            streamed = chunks.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .collect(Collectors.joining());
        }

        assertThat(streamed).isEqualTo(whole);
    }

    @Test
    void theOfficialJavaClientUnderstandsOurErrors() throws Exception {
        OpenAIClient client = client();
        assertThatThrownBy(() -> client.chat().completions().create(chat("nobody")))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("nobody");
    }

    @Test
    void badRequestsAreAnsweredInOpenAisShapeAndLaterOnesAreFine() throws Exception {
        assertError(post("{\"model\": "), 400, null);
        assertError(post("{\"model\": 7, \"messages\": []}"), 400, "invalid_type");
        assertError(post(body("nobody", "hi", 4)), 404, "model_not_found");
        assertError(post(body(RunningAgent.MODEL, "long ".repeat(2000), 4)), 400, "context_length_exceeded");
        assertError(post("\"" + "x".repeat(10 << 20) + "\""), 413, null);
        assertThat(post(body(RunningAgent.MODEL, "hi", 4)).statusCode()).isEqualTo(200);
    }

    @Test
    void aClientThatLeavesInTheMiddleHoldsUpNobody() throws Exception {
        String endless = Terminal.write(Map.of(
                "model",
                RunningAgent.MODEL,
                "messages",
                List.of(Map.of("role", "user", "content", "hi")),
                "max_tokens",
                400,
                "ignore_eos",
                true,
                "stream",
                true));
        for (int i = 0; i < 20; i++) {
            HttpResponse<InputStream> response = http.send(
                    authorized("/v1/chat/completions")
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(endless))
                            .build(),
                    BodyHandlers.ofInputStream());
            assertThat(response.body().read()).isPositive();
            response.body().close();
        }

        assertThat(post(body(RunningAgent.MODEL, "hi", 4)).statusCode()).isEqualTo(200);
        await().atMost(DEADLINE).until(() -> running() == 0);
    }

    @Test
    void twoHundredRequestsAtOnceAreAllAnswered() throws Exception {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(http.sendAsync(
                    chatRequest(body(RunningAgent.MODEL, "hi " + i, 4)).build(), BodyHandlers.ofString()));
        }
        Set<Integer> statuses = new TreeSet<>();
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            statuses.add(answer.get(DEADLINE.toSeconds(), TimeUnit.SECONDS).statusCode());
        }

        assertThat(statuses).contains(200).isSubsetOf(200, 429, 503);
        assertThat(post(body(RunningAgent.MODEL, "hi", 4)).statusCode()).isEqualTo(200);
    }

    @Test
    void updatingTheInferencePluginDropsNoRequestAndKeepsTheNativesLoaded(@TempDir Path folder) throws Exception {
        List<String> natives = agent.mappings("libtorch_cpu");
        assertThat(natives).isNotEmpty();
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Set<Integer>> load = CompletableFuture.supplyAsync(() -> statusesUntil(stop));

        PluginSignature signature = new PluginSignature(folder.resolve("signer"));
        signature.trust(agent.agent().client());
        JsonNode deployed =
                deploy(signature.sign(ShippedPlugin.copy("all-in-one", "org.llmfactory.inference", "0.1.1", folder)));
        assertThat(deployed.path("version").asText()).isEqualTo("0.1.1");
        assertThat(deployed.path("deployed").asBoolean()).isTrue();
        agent.awaitServed();
        stop.set(true);

        assertThat(load.get(DEADLINE.toSeconds(), TimeUnit.SECONDS)).containsExactly(200);
        assertThat(agent.mappings("libtorch_cpu")).isEqualTo(natives);
        assertThat(post(body("adapter-a", "hi", 4)).statusCode()).isEqualTo(200);
        agent.agent().client().delete("/admin/plugins/org.llmfactory.inference");
    }

    @Test
    void aKilledAgentStartsAgainWithEverythingItHad() throws Exception {
        try (RunningAgent second = RunningAgent.start()) {
            assertThat(second.url()).isNotEqualTo(agent.url());
            second.awaitServed();
            second.addAdapter("adapter-b");
            String key = second.key();

            second.killAndStart();

            second.awaitServed();
            assertThat(second.key()).isEqualTo(key);
            assertThat(second.agent().client().get("/v1/adapters").path("data").size())
                    .isEqualTo(1);
            assertThat(send(HttpRequest.newBuilder(uri("/health"))).statusCode())
                    .as("the first agent, beside it")
                    .isEqualTo(200);
        }
    }

    @Test
    void aPortInUseIsNamed(@TempDir Path home) {
        Agent other = new Agent(Installation.located(), home);

        assertThatThrownBy(() -> other.start(agent.state().port(), "all-in-one"))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("Port " + agent.state().port() + " is used");
    }

    private Set<Integer> statusesUntil(AtomicBoolean stop) {
        Set<Integer> statuses = new TreeSet<>();
        while (!stop.get()) {
            statuses.add(post(body(RunningAgent.MODEL, "hi", 4)).statusCode());
        }
        return statuses;
    }

    private JsonNode deploy(Path jar) throws Exception {
        return agent.agent().client().post("/admin/plugins", "application/java-archive", BodyPublishers.ofFile(jar));
    }

    private OpenAIClient client() throws Exception {
        return OpenAIOkHttpClient.builder()
                .baseUrl(agent.url() + "/v1")
                .apiKey(agent.key())
                .timeout(DEADLINE)
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams chat(String model) {
        return ChatCompletionCreateParams.builder()
                .model(model)
                .addUserMessage("Say something.")
                .maxCompletionTokens(16)
                .temperature(0)
                .build();
    }

    private static String body(String model, String prompt, int tokens) {
        return Terminal.write(Map.of(
                "model",
                model,
                "messages",
                List.of(Map.of("role", "user", "content", prompt)),
                "max_tokens",
                tokens,
                "temperature",
                0));
    }

    private HttpResponse<String> post(String body) {
        try {
            return send(chatRequest(body));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpRequest.Builder chatRequest(String body) throws Exception {
        return authorized("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.timeout(DEADLINE).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder authorized(String path) throws Exception {
        return HttpRequest.newBuilder(uri(path)).header("Authorization", "Bearer " + agent.key());
    }

    private URI uri(String path) {
        return URI.create(agent.url() + path);
    }

    private static void assertError(HttpResponse<String> response, int status, String code) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode error = Terminal.JSON.readTree(response.body()).path("error");
        assertThat(error.path("message").asText()).isNotBlank();
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(error.path("code").asText(null)).isEqualTo(code);
    }

    /** Sequences in the engine's batch. */
    private double running() throws Exception {
        return send(authorized("/metrics"))
                .body()
                .lines()
                .filter(line -> line.startsWith("llmfactory_inference_running{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }
}
