package org.llmfactory.launcher.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.terminal.Terminal;

/** Talks to an agent over HTTP with the administrator's key. Safe for use by several threads. */
public final class AgentClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final String url;
    private final Path keyFile;

    public AgentClient(String url, Path keyFile) {
        this.url = url;
        this.keyFile = keyFile;
    }

    public String url() {
        return url;
    }

    /** Whether {@code /health} says so; false when nothing answers. */
    public boolean isHealthy() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/health"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    public JsonNode get(String path) throws InterruptedException {
        return json(request(path).GET().build());
    }

    public JsonNode delete(String path) throws InterruptedException {
        return json(request(path).DELETE().build());
    }

    public JsonNode post(String path, String contentType, BodyPublisher body) throws InterruptedException {
        return json(request(path).header("Content-Type", contentType).POST(body).build());
    }

    /** Posts JSON and hands over the answer as it comes; the caller closes it. */
    public InputStream stream(String path, Map<String, ?> body) throws InterruptedException {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Terminal.write(body)))
                .build();
        HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw refused(response.statusCode(), parse(readAll(response.body())));
        }
        return response.body();
    }

    private JsonNode json(HttpRequest request) throws InterruptedException {
        HttpResponse<byte[]> response = send(request, BodyHandlers.ofByteArray());
        JsonNode body = parse(response.body());
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), body);
        }
        return body;
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws InterruptedException {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new LauncherException(
                    "The agent at " + url + " does not answer (" + e + "). Look at it with: ./factory status", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + key());
    }

    private String key() {
        try {
            return Files.readString(keyFile).strip();
        } catch (IOException e) {
            throw new LauncherException("The administrator's key cannot be read from " + keyFile + ".", e);
        }
    }

    private static LauncherException refused(int status, JsonNode body) {
        String message = body.path("error").path("message").asText("");
        return new LauncherException(
                message.isEmpty() ? "The agent answered with HTTP status " + status + "." : message);
    }

    private static byte[] readAll(InputStream body) {
        try (body) {
            return body.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(byte[] body) {
        try {
            JsonNode node = Terminal.JSON.readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }
}
