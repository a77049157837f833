package org.llmfactory.auth.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks the provider, with a deadline and a bound on its answers, and follows no redirect. Safe for use by several threads. */
final class BoundedHttp implements HTTPRequestSender, ResourceRetriever {
    private static final int LARGEST = 1 << 20;

    private final HttpClient client;
    private final Duration deadline;

    BoundedHttp(Duration deadline) {
        this.deadline = deadline;
        this.client = HttpClient.newBuilder()
                .connectTimeout(deadline)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    @Override
    public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest request) throws IOException {
        HttpRequest.Builder sent = HttpRequest.newBuilder(request.getURI()).timeout(deadline);
        request.getHeaderMap().forEach((name, values) -> values.forEach(text -> sent.header(name, text)));
        String body = request.getBody();
        sent.method(
                request.getMethod().name(),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body, UTF_8));
        HttpResponse<InputStream> answer = exchange(sent.build());
        HTTPResponse response = new HTTPResponse(answer.statusCode());
        try {
            answer.headers().firstValue("Content-Type").ifPresent(type -> response.setHeader("Content-Type", type));
            response.setBody(read(answer));
            return response;
        } catch (IllegalArgumentException malformed) {
            throw new IOException("the provider's answer is malformed", malformed);
        }
    }

    @Override
    public Resource retrieveResource(URL url) throws IOException {
        HttpResponse<InputStream> answer =
                exchange(HttpRequest.newBuilder(uri(url)).timeout(deadline).build());
        if (answer.statusCode() != 200) {
            answer.body().close();
            throw new IOException("the provider answered " + answer.statusCode() + " on " + url.getPath());
        }
        String type = answer.headers().firstValue("Content-Type").orElse("application/json");
        return new Resource(read(answer), type);
    }

    /** What lies at a URL of the provider. */
    String get(URI uri) throws IOException {
        return retrieveResource(uri.toURL()).getContent();
    }

    private HttpResponse<InputStream> exchange(HttpRequest request) throws IOException {
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IOException("stopped while the provider was asked", stop);
        }
    }

    private static String read(HttpResponse<InputStream> answer) throws IOException {
        try (InputStream body = answer.body()) {
            byte[] bytes = body.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new IOException("the provider's answer is larger than " + LARGEST + " bytes");
            }
            return new String(bytes, UTF_8);
        }
    }

    private static URI uri(URL url) throws IOException {
        try {
            return url.toURI();
        } catch (URISyntaxException malformed) {
            throw new IOException("the provider names a malformed URL", malformed);
        }
    }
}
