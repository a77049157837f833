package org.llmfactory.launcher.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.terminal.Terminal;

/** Talks to an agent over HTTP with an API key, the administrator's unless told otherwise. Safe for use by several threads. */
public final class AgentClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int UNAUTHORIZED = 401;
    private static final Duration ANSWER = Duration.ofMinutes(5);

    /**
     * An answer with its headers.
     *
     * @param seconds from the request to the end of the answer
     */
    public record Reply(JsonNode body, HttpHeaders headers, double seconds) {}

    private final HttpClient http;
    private final String url;
    private final Supplier<String> key;
    private final Optional<String> project;

    /**
     * A client with the key that a file holds.
     *
     * @param keyFile read for each request, so that it may appear later
     */
    public AgentClient(String url, Path keyFile) {
        this(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(CONNECT)
                        .build(),
                url,
                () -> read(keyFile),
                Optional.empty());
    }

    private AgentClient(HttpClient http, String url, Supplier<String> key, Optional<String> project) {
        this.http = http;
        this.url = url;
        this.key = key;
        this.project = project;
    }

    /** The same agent with another key. */
    public AgentClient withKey(String other) {
        return new AgentClient(http, url, () -> other, project);
    }

    /** The same agent with the key that a file holds. */
    public AgentClient withKeyFile(Path file) {
        return new AgentClient(http, url, () -> read(file), project);
    }

    /** The same agent, asked about the things of one project. */
    public AgentClient inProject(String id) {
        return new AgentClient(http, url, key, Optional.of(id));
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

    /** Posts JSON. */
    public JsonNode post(String path, Object body) throws InterruptedException {
        return json(posting(path, body));
    }

    /** Puts JSON in the place of what is there. */
    public JsonNode put(String path, Object body) throws InterruptedException {
        return json(request(path)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(Terminal.write(body)))
                .build());
    }

    /** Posts JSON with a clock in hand. */
    public Reply exchange(String path, Object body) throws InterruptedException {
        HttpRequest request = posting(path, body);
        long start = System.nanoTime();
        HttpResponse<byte[]> response = send(request, BodyHandlers.ofByteArray());
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Reply(accepted(response.statusCode(), parse(response.body())), response.headers(), seconds);
    }

    /** Posts JSON and hands over the answer as it comes; the caller closes it. */
    public InputStream stream(String path, Map<String, ?> body) throws InterruptedException {
        return streamed(posting(path, body));
    }

    /** Gets an answer of any length as it comes; the caller closes it. */
    public InputStream download(String path) throws InterruptedException {
        return streamed(request(path).GET().build());
    }

    private InputStream streamed(HttpRequest request) throws InterruptedException {
        HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            accepted(response.statusCode(), parse(readAll(response.body())));
        }
        return response.body();
    }

    private JsonNode json(HttpRequest request) throws InterruptedException {
        HttpResponse<byte[]> response = send(request, BodyHandlers.ofByteArray());
        return accepted(response.statusCode(), parse(response.body()));
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

    private HttpRequest posting(String path, Object body) {
        return request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Terminal.write(body)))
                .build();
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + key.get());
        project.ifPresent(id -> request.header("OpenAI-Project", id));
        return request;
    }

    private static String read(Path keyFile) {
        try {
            return Files.readString(keyFile).strip();
        } catch (IOException e) {
            throw new LauncherException("The API key cannot be read from " + keyFile + ".", e);
        }
    }

    /** The body of an answer that says yes; any other answer is a failure in the agent's own words. */
    private JsonNode accepted(int status, JsonNode body) {
        if (status / 100 == 2) {
            return body;
        }
        String message = body.path("error").path("message").asText("");
        String words = message.isEmpty() ? "The agent answered with HTTP status " + status + "." : message;
        if (status == UNAUTHORIZED && project.isPresent()) {
            // The agent tells a key that is no part of the project nothing else.
            words += " Or its owner is no member of the project " + project.get() + ".";
        }
        throw new LauncherException(words);
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
