package org.llmfactory.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.load.GatewayBench.Load;
import org.llmfactory.launcher.terminal.Terminal;

class GatewayBenchTest {
    private static final String TIMING = "auth;dur=0.1, policy;dur=0.2, limit;dur=0.3, audit;dur=0.4";

    private final List<String> keys = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private AgentClient agent;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        agent = new AgentClient("http://127.0.0.1:" + server.getAddress().getPort(), Path.of("unused"));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void phasesAndTheirSumAreThoseOfTheCheckedKey() throws Exception {
        answer("checked", TIMING);

        JsonNode figures = measure(new Load(30, 4, Duration.ofMinutes(1)));

        assertThat(figures.path("checks").path("sum_median_ms").asDouble()).isEqualTo(1.0);
        assertThat(figures.path("checks").path("audit").path("p95_ms").asDouble())
                .isEqualTo(0.4);
        assertThat(figures.path("checks").path("within_target").asBoolean()).isTrue();
        assertThat(figures.path("checks_concurrent").path("requests").asInt()).isEqualTo(30);
        assertThat(figures.path("end_to_end").path("ratio").asDouble()).isPositive();
    }

    @Test
    void theTwoKindsTakeTurns() throws Exception {
        answer("checked", TIMING);

        measure(new Load(4, 1, Duration.ofMinutes(1)));

        assertThat(keys.subList(0, 8))
                .containsExactly(
                        "checked", "platform", "platform", "checked", "checked", "platform", "platform", "checked");
    }

    @Test
    void aServerThatDoesNotSayWhatItsChecksCostIsRefused() {
        answer("checked", "engine;dur=4");

        assertThatThrownBy(() -> measure(new Load(4, 1, Duration.ofMinutes(1))))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("Server-Timing");
    }

    @Test
    void whenTimeIsUpNothingIsBegun() {
        answer("checked", TIMING);

        assertThatThrownBy(() -> measure(new Load(4, 1, Duration.ZERO)))
                .isInstanceOf(LauncherException.class)
                .hasMessageContaining("within 0 seconds");
        assertThat(keys).isEmpty();
    }

    private JsonNode measure(Load load) throws InterruptedException {
        GatewayBench bench = new GatewayBench(agent.withKey("checked"), agent.withKey("platform"), "m", load);
        return Terminal.JSON.valueToTree(bench.measure(line -> {}));
    }

    /** Every answer takes what is said for the checked key; others have checks that cost ten times as much. */
    private void answer(String checkedKey, String timing) {
        server.createContext("/v1/chat/completions", exchange -> {
            exchange.getRequestBody().readAllBytes();
            String key = exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
            keys.add(key);
            String said = key.equals(checkedKey) ? timing : timing.replace("dur=0.", "dur=");
            exchange.getResponseHeaders().add("Server-Timing", said);
            byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
