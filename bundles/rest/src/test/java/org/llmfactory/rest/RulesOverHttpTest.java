package org.llmfactory.rest;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Authenticator;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.rest.sample.SampleBundle;
import org.llmfactory.rest.testing.HttpContainer;

/** Filters, gate and rules in the container of the product. */
final class RulesOverHttpTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static HttpContainer container;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        container = new HttpContainer(Set.of(), SampleBundle.in(folder));
        Authenticator authenticator = new InMemoryAuthenticator()
                .allow("member", InMemoryAuthenticator.USER)
                .allow("viewer", InMemoryAuthenticator.user("user-2", Caller.DEFAULT_PROJECT, ProjectRole.VIEWER))
                .allow("platform", InMemoryAuthenticator.ADMINISTRATOR)
                .allow("narrow", narrow())
                .allowSession("session", "token", InMemoryAuthenticator.USER);
        container.context().registerService(Authenticator.class, authenticator, null);
        await().atMost(Duration.ofSeconds(90))
                .until(() -> get("/v1/sample", "member").statusCode() == 200);
    }

    private static Caller narrow() {
        return new Caller(
                Caller.Kind.USER,
                "user-3",
                "proj_1",
                OrganizationRole.OWNER,
                Map.of("proj_1", ProjectRole.OWNER),
                Optional.of("key_3"),
                KeyScope.of(EnumSet.of(Area.INFERENCE)));
    }

    @AfterAll
    static void stop() throws IOException {
        container.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/sample, member, 200",
        "/v1/sample, viewer, 403",
        "/v1/sample, platform, 200",
        "/v1/sample, narrow, 200",
        "/v1/sample, nobody, 401",
        "/v1/sample/platform, member, 403",
        "/v1/sample/platform, viewer, 403",
        "/v1/sample/platform, platform, 200",
        "/v1/sample/platform, narrow, 403",
        "/v1/sample/projects/proj_default, viewer, 200",
        "/v1/sample/projects/proj_default, narrow, 404",
        "/v1/sample/projects/proj_other, member, 404",
        "/v1/sample/projects/proj_other, platform, 200",
        "/v1/sample/none, member, 404"
    })
    void ruleOfTheEndpointDecides(String path, String key, int status) throws Exception {
        assertThat(get(path, key).statusCode()).isEqualTo(status);
    }

    @Test
    void resourceKnowsCallerAndAddress() throws Exception {
        assertThat(get("/v1/sample", "member").body()).isEqualTo("user-1 from 127.0.0.1");
    }

    @Test
    void rulesOfConcurrentRequestsAreNotMixedUp() {
        List<CompletableFuture<Integer>> open = new ArrayList<>();
        List<CompletableFuture<Integer>> closed = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            open.add(status("/v1/sample"));
            closed.add(status("/v1/sample/platform"));
        }

        assertThat(open)
                .allSatisfy(status -> assertThat(status.get(30, SECONDS)).isEqualTo(200));
        assertThat(closed)
                .allSatisfy(status -> assertThat(status.get(30, SECONDS)).isEqualTo(403));
    }

    @Test
    void sessionNeedsItsTokenToChangeSomething() throws Exception {
        HttpRequest.Builder read =
                HttpRequest.newBuilder(container.uri("/v1/sample")).header("Cookie", Sessions.COOKIE + "=session");
        HttpRequest.Builder change = read.copy().POST(HttpRequest.BodyPublishers.noBody());

        assertThat(send(read).statusCode()).isEqualTo(200);
        assertThat(send(change).statusCode()).isEqualTo(403);
        assertThat(send(change.header(Sessions.CSRF_HEADER, "token")).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/auth/../v1/sample",
                "/auth/%2e%2e/v1/sample",
                "/auth/..%2fv1/sample",
                "/auth/..;/v1/sample",
                "/auth;/../v1/sample",
                "/auth//../../v1/sample",
                "/auth/.;/../../v1/sample",
                "/%61uth/../v1/sample",
                "/models/../auth/../v1/sample",
                "/models/../../auth/x/../../v1/sample",
                "/openai/v1/../../auth/../v1/sample",
                "/health/../v1/sample",
                "/health;/../v1/sample",
                "/v1/sample;/auth/",
                "/v1//sample",
                "//v1/sample"
            })
    void noWayRoundTheFilter(String path) throws Exception {
        // A client would tidy the path before sending it.
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), container.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String status = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();

            assertThat(status).containsAnyOf(" 400 ", " 401 ", " 404 ");
        }
    }

    private static CompletableFuture<Integer> status(String path) {
        HttpRequest request = HttpRequest.newBuilder(container.uri(path))
                .header("Authorization", "Bearer member")
                .build();
        return CLIENT.sendAsync(request, BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
    }

    private static HttpResponse<String> get(String path, String key) throws Exception {
        return send(HttpRequest.newBuilder(container.uri(path)).header("Authorization", "Bearer " + key));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return CLIENT.send(request.timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    }
}
