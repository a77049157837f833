package org.llmfactory.itest.governance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.llmfactory.access.Action;
import org.llmfactory.itest.agent.ApiClient;

/** An endpoint as {@code GET /admin/endpoints} tells of it. */
record CatalogEntry(String method, String path, Action action) {
    private static final Pattern PROJECT = Pattern.compile("\\{project\\b[^{}]*}");
    private static final Pattern PARAMETER = Pattern.compile("\\{[^{}]*}");
    private static final String UNKNOWN = "unknown";
    private static final Set<String> LORAX = Set.of("/", "/generate", "/generate_stream", "/info");

    /** What an endpoint reads that does not read JSON. */
    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "POST /v1/adapters", "multipart/form-data; boundary=edge",
            "POST /v1/files", "multipart/form-data; boundary=edge",
            "POST /v1/uploads/{upload}/parts", "multipart/form-data; boundary=edge",
            "POST /admin/plugins", "application/java-archive",
            "POST /admin/plugins/signers", "application/x-pem-file",
            "POST /admin/repository/plugins", "application/java-archive");

    static List<CatalogEntry> all(ApiClient administrator) throws IOException, InterruptedException {
        JsonNode list = ApiClient.accepted(administrator.get("/admin/endpoints"));
        return StreamSupport.stream(list.path("data").spliterator(), false)
                .map(entry -> new CatalogEntry(
                        entry.path("method").asText(),
                        entry.path("path").asText(),
                        Action.valueOf(entry.path("action").asText().toUpperCase(Locale.ROOT))))
                .toList();
    }

    /** As it stands in the list of all endpoints. */
    String line() {
        return method + " " + path + " " + action.name().toLowerCase(Locale.ROOT);
    }

    /** Whether the project it is about is named by its path. */
    boolean namesProject() {
        return PROJECT.matcher(path).find();
    }

    /** Whether its errors have the shape that clients of LoRAX read. */
    boolean isOfLorax() {
        return LORAX.contains(path);
    }

    /** Whether calling it with nothing but a project ends the project. */
    boolean endsProject() {
        return path.endsWith("/archive");
    }

    /** Asks it about a project, with ids that nothing has and a body that says nothing. */
    HttpResponse<String> ask(ApiClient client, String project) throws IOException, InterruptedException {
        String concrete =
                PARAMETER.matcher(PROJECT.matcher(path).replaceAll(project)).replaceAll(UNKNOWN);
        return client.send(method, concrete, contentType(), body());
    }

    private String contentType() {
        return CONTENT_TYPES.getOrDefault(method + " " + path, "application/json");
    }

    private BodyPublisher body() {
        if (method.equals("GET") || method.equals("DELETE")) {
            return BodyPublishers.noBody();
        }
        return BodyPublishers.ofString(contentType().startsWith("multipart") ? "--edge--\r\n" : "{}");
    }
}
