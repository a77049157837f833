package org.llmfactory.models.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Downloads from the Hugging Face Hub. The token goes to the hub itself only, not to where it sends us on. */
final class HubFetcher {
    private static final String HUB = "https://huggingface.co";
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration SILENCE = Duration.ofSeconds(60);
    private static final int MOST_REDIRECTS = 5;

    private final URI endpoint;
    private final String token;

    HubFetcher(Map<String, String> environment) {
        String given = environment.getOrDefault("HF_ENDPOINT", "").strip();
        this.endpoint = URI.create(given.isEmpty() ? HUB : given.replaceAll("/+$", ""));
        this.token = environment.getOrDefault("HF_TOKEN", "").strip();
    }

    void fetch(ModelSource.HuggingFace source, CatalogModel model, Path target, Progress progress)
            throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        for (CatalogFile file : model.files()) {
            String path = source.folder().isEmpty() ? file.path() : source.folder() + "/" + file.path();
            URI address = URI.create(endpoint + "/" + escaped(source.repository()) + "/resolve/"
                    + URLEncoder.encode(source.revision(), StandardCharsets.UTF_8) + "/" + escaped(path));
            try (InputStream body = open(client, address);
                    SilenceGuard guarded = new SilenceGuard(body, SILENCE)) {
                progress.copy(guarded, file, target);
            }
        }
    }

    private InputStream open(HttpClient client, URI first) throws IOException, InterruptedException {
        URI address = first;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<InputStream> response = client.send(request(address), BodyHandlers.ofInputStream());
            int status = response.statusCode();
            if (status == 200) {
                return response.body();
            }
            response.body().close();
            if (status < 300 || status >= 400) {
                throw new IOException(answer(status));
            }
            URI next = address.resolve(response.headers()
                    .firstValue("Location")
                    .orElseThrow(() -> new IOException("the server redirects to nowhere")));
            if (!"https".equals(next.getScheme())
                    && !String.valueOf(endpoint.getScheme()).equals(next.getScheme())) {
                throw new IOException("the server redirects to an address that is not https");
            }
            address = next;
        }
        throw new IOException("the server redirects without end");
    }

    private HttpRequest request(URI address) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).timeout(ANSWER).GET();
        boolean isHub = String.valueOf(endpoint.getAuthority()).equals(address.getAuthority());
        if (isHub && !token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return request.build();
    }

    private static String answer(int status) {
        return switch (status) {
            case 401, 403 -> "access denied (HTTP " + status + "): set HF_TOKEN to a token that may read it";
            case 404 -> "not found (HTTP 404)";
            default -> "the server answers HTTP " + status;
        };
    }

    private static String escaped(String path) {
        return Arrays.stream(path.split("/"))
                .map(segment ->
                        URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }
}
