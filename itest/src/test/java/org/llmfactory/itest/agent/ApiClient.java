package org.llmfactory.itest.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.llmfactory.launcher.terminal.Terminal;

/** Asks an agent over HTTP as somebody: nobody at all, the holder of a key, or a browser with a session. */
public final class ApiClient {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final String JSON = "application/json";

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(DEADLINE)
            .build();

    private final String url;
    private final Map<String, String> headers;

    private ApiClient(String url, Map<String, String> headers) {
        this.url = url;
        this.headers = Map.copyOf(headers);
    }

    /** Nobody, at the agent of this address. */
    public static ApiClient anonymous(String url) {
        return new ApiClient(url, Map.of());
    }

    /** The same request with another header. */
    public ApiClient with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new ApiClient(url, more);
    }

    /** The holder of an API key. */
    public ApiClient withKey(String key) {
        return with("Authorization", "Bearer " + key);
    }

    /** Asks about the things of one project. */
    public ApiClient inProject(String id) {
        return with("OpenAI-Project", id);
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, JSON, BodyPublishers.noBody());
    }

    public HttpResponse<String> delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path, JSON, BodyPublishers.noBody());
    }

    /** Posts JSON. */
    public HttpResponse<String> post(String path, Object body) throws IOException, InterruptedException {
        return send("POST", path, JSON, BodyPublishers.ofString(Terminal.write(body)));
    }

    public HttpResponse<String> send(String method, String path, String contentType, BodyPublisher body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(DEADLINE)
                .header("Content-Type", contentType)
                .method(method, body);
        headers.forEach(request::header);
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    /**
     * The JSON of an answer that says yes.
     *
     * @throws IllegalStateException for any other answer
     */
    public static JsonNode accepted(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException(response.request().method() + " "
                    + response.request().uri() + " was answered with " + response.statusCode() + " " + response.body());
        }
        return json(response);
    }

    /** An answer's JSON. */
    public static JsonNode json(HttpResponse<String> response) {
        try {
            return Terminal.JSON.readTree(response.body());
        } catch (IOException e) {
            throw new IllegalStateException("no JSON: " + response.body(), e);
        }
    }
}
