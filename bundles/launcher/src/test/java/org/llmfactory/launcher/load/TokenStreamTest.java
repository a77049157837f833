package org.llmfactory.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.load.TokenStream.Answer;
import org.llmfactory.launcher.terminal.Terminal;

class TokenStreamTest {
    @TempDir
    Path folder;

    private final AtomicReference<JsonNode> received = new AtomicReference<>();
    private HttpServer server;
    private TokenStream stream;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        Path key = Files.writeString(folder.resolve("admin.key"), "secret\n");
        stream = new TokenStream(
                new AgentClient("http://127.0.0.1:" + server.getAddress().getPort(), key));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void piecesOfAChatAreJoinedAndTokensAreThoseOfTheUsage() throws Exception {
        answer(200, """
                data: {"choices":[{"delta":{"role":"assistant","content":""}}]}

                data: {"choices":[{"delta":{"content":"Ahoy"}}]}

                data: {"choices":[{"delta":{"content":", matey"}}]}

                data: {"choices":[],"usage":{"completion_tokens":5}}

                data: [DONE]

                """);
        List<String> pieces = new ArrayList<>();

        Answer answer = stream.run("/v1/chat/completions", Map.of("model", "pirate"), pieces::add);

        assertThat(answer.text()).isEqualTo("Ahoy, matey");
        assertThat(answer.tokens()).isEqualTo(5);
        assertThat(answer.firstSeconds()).isBetween(0.0, answer.seconds());
        assertThat(String.join("", pieces)).isEqualTo("Ahoy, matey");
        assertThat(received.get().path("stream").asBoolean()).isTrue();
        assertThat(received.get().path("stream_options").path("include_usage").asBoolean())
                .isTrue();
    }

    @Test
    void anErrorInTheStreamIsAFailure() {
        answer(200, "data: {\"error\":{\"message\":\"the engine stopped\"}}\n\n");

        assertThatThrownBy(() -> stream.run("/v1/completions", Map.of(), piece -> {}))
                .isInstanceOf(LauncherException.class)
                .hasMessage("the engine stopped");
    }

    @Test
    void aRefusalIsReportedInTheServersWords() {
        answer(404, "{\"error\":{\"message\":\"The model 'x' does not exist\"}}");

        assertThatThrownBy(() -> stream.run("/v1/completions", Map.of("model", "x"), piece -> {}))
                .isInstanceOf(LauncherException.class)
                .hasMessage("The model 'x' does not exist");
    }

    private void answer(int status, String body) {
        server.createContext("/", exchange -> {
            received.set(Terminal.JSON.readTree(exchange.getRequestBody().readAllBytes()));
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
