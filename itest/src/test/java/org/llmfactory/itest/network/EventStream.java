package org.llmfactory.itest.network;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.launcher.terminal.Terminal;

/** A chat completion that is being streamed. */
final class EventStream {
    /** How an answer ended. */
    enum End {
        DONE,
        ERROR
    }

    private static final Duration DEADLINE = Duration.ofSeconds(90);
    private static final Duration SILENCE = Duration.ofMillis(700);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final AtomicInteger tokens = new AtomicInteger();
    private final AtomicLong last = new AtomicLong(System.nanoTime());
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<End> end = new CompletableFuture<>();
    private final CompletableFuture<String> route = new CompletableFuture<>();

    private EventStream() {}

    /** Asks the tests' model for exactly so many tokens. */
    static EventStream chat(Machine machine, String prompt, int tokens) throws IOException {
        EventStream stream = new EventStream();
        String body = Terminal.write(Map.of(
                "model",
                RunningAgent.MODEL,
                "messages",
                List.of(Map.of("role", "user", "content", prompt)),
                "max_tokens",
                tokens,
                "ignore_eos",
                true,
                "stream",
                true));
        HttpRequest request = HttpRequest.newBuilder(URI.create(machine.url() + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + machine.administratorKey())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        Thread reader = new Thread(() -> stream.read(request), "event stream");
        reader.setDaemon(true);
        reader.start();
        return stream;
    }

    private void read(HttpRequest request) {
        try {
            HttpResponse<Stream<String>> response = HTTP.send(request, HttpResponse.BodyHandlers.ofLines());
            route.complete(response.headers().firstValue("x-llmfactory-route").orElse(""));
            response.body().forEach(this::line);
            end.complete(End.ERROR);
        } catch (IOException | RuntimeException e) {
            lines.add(e.toString());
            end.complete(End.ERROR);
            route.complete("");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end.completeExceptionally(e);
        }
    }

    private void line(String line) {
        lines.add(line);
        last.set(System.nanoTime());
        if (line.equals("data: [DONE]")) {
            end.complete(End.DONE);
        } else if (line.startsWith("data: ")) {
            event(line.substring("data: ".length()));
        }
    }

    private void event(String data) {
        try {
            JsonNode event = JSON.readTree(data);
            if (event.has("error")) {
                end.complete(End.ERROR);
            } else if (event.path("choices").path(0).path("delta").has("content")) {
                tokens.incrementAndGet();
            }
        } catch (IOException e) {
            throw new IllegalStateException(data, e);
        }
    }

    /** Waits for the first tokens. */
    void awaitTokens(int count) {
        await().atMost(DEADLINE).pollInterval(Duration.ofMillis(2)).until(() -> tokens.get() >= count || end.isDone());
    }

    /** Waits until nothing has come for a while, or the answer is over. */
    void awaitSilence() {
        await().atMost(DEADLINE).until(() -> end.isDone() || System.nanoTime() - last.get() > SILENCE.toNanos());
    }

    End awaitEnd() throws Exception {
        return end.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    int tokens() {
        return tokens.get();
    }

    /** The header that says which engine was picked. */
    String route() throws Exception {
        return route.get(DEADLINE.toSeconds(), TimeUnit.SECONDS);
    }

    String text() {
        return String.join("\n", lines);
    }
}
