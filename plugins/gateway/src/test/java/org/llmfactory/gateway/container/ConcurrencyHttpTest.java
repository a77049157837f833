package org.llmfactory.gateway.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.llmfactory.api.agent.Drainable;
import org.llmfactory.api.inference.InferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine;
import org.llmfactory.api.inference.testing.ScriptedInferenceEngine.Script;
import org.llmfactory.gateway.GatewayFixture;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** Many requests at once, clients that go away, and plugins that come and go. */
final class ConcurrencyHttpTest {
    @RegisterExtension
    static final TestGateway GATEWAY = new TestGateway();

    @Test
    void clientThatGoesAwayEndsItsGeneration() throws Exception {
        try (ScriptedInferenceEngine slow = new ScriptedInferenceEngine(
                        TestGateway.OTHER.info(), request -> Script.of(GatewayFixture.ids("x".repeat(3000))))
                .stepByStep()) {
            ServiceRegistration<InferenceEngine> other = GATEWAY.container().register(InferenceEngine.class, slow);
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), GATEWAY.container().port())) {
                String body = TestGateway.chat(",\"stream\":true").replace("\"base\"", "\"other\"");
                socket.getOutputStream().write(TestGateway.wire("/v1/chat/completions", body));
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
        assertThat(GATEWAY.post("/v1/chat/completions", TestGateway.chat("")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void clientThatGoesAwayWhileQueuedIsNoticed() throws Exception {
        try (ScriptedInferenceEngine stuck =
                new ScriptedInferenceEngine(TestGateway.OTHER.info(), request -> Script.of(1)).stepByStep()) {
            ServiceRegistration<InferenceEngine> other = GATEWAY.container().register(InferenceEngine.class, stuck);
            try (Socket socket = new Socket(
                    InetAddress.getLoopbackAddress(), GATEWAY.container().port())) {
                String body = TestGateway.chat(",\"stream\":true").replace("\"base\"", "\"other\"");
                socket.getOutputStream().write(TestGateway.wire("/v1/chat/completions", body));
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
            String body = TestGateway.chat(i % 2 == 0 ? ",\"stream\":true" : "");
            responses.add(GATEWAY.client()
                    .sendAsync(
                            GATEWAY.request("/v1/chat/completions")
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
        GATEWAY.removeEngine();
        CompletableFuture<HttpResponse<String>> response = GATEWAY.client()
                .sendAsync(
                        GATEWAY.request("/v1/chat/completions")
                                .POST(HttpRequest.BodyPublishers.ofString(TestGateway.chat("")))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        await(Duration.ofSeconds(5), () -> waitingThreads() > 0);
        assertThat(response).isNotDone();

        GATEWAY.restoreEngine();

        assertThat(response.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void drainedGatewayTakesNoWorkUntilItIsResumed() throws Exception {
        ServiceReference<?> reference =
                GATEWAY.container().context().getAllServiceReferences(Drainable.class.getName(), null)[0];
        Drainable drainable = (Drainable) GATEWAY.container().context().getService(reference);

        assertThat(drainable.drain(Duration.ofSeconds(5))).isTrue();
        HttpResponse<String> refused = GATEWAY.post("/v1/chat/completions", TestGateway.chat(""));
        drainable.resume();

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).contains("1");
        assertThat(GATEWAY.post("/v1/chat/completions", TestGateway.chat("")).statusCode())
                .isEqualTo(200);
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
}
