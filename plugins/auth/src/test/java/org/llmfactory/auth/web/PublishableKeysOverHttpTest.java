package org.llmfactory.auth.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.identity.ApiKey.Kind;
import org.llmfactory.api.identity.ApiKeys.Issued;
import org.llmfactory.api.identity.ApiKeys.Order;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.ledger.Actor;

/** Pages of other origins with a publishable key. */
final class PublishableKeysOverHttpTest {
    private static final String ORIGIN = "https://app.example";
    private static final String OTHER = "https://evil.example";
    private static Platform platform;
    private static Issued key;

    private final Browser page = new Browser();

    @BeforeAll
    static void start(@TempDir Path home) throws Exception {
        platform = new Platform(home);
        key = issue();
    }

    private static Issued issue() {
        KeyScope scope = new KeyScope(
                EnumSet.allOf(Area.class),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(ORIGIN),
                OptionalInt.empty(),
                OptionalLong.empty());
        return platform.keys()
                .issue(
                        new Order(
                                Kind.PUBLISHABLE, "n", platform.ada(), Optional.of("proj_1"), scope, Optional.empty()),
                        Actor.system());
    }

    @AfterAll
    static void stop() throws Exception {
        platform.close();
    }

    private HttpResponse<String> token(String value, String origin) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(platform.uri("/auth/token"))
                .header("Authorization", "Bearer " + value)
                .POST(BodyPublishers.noBody());
        return origin.isEmpty() ? page.send(request) : page.send(request, "Origin", origin);
    }

    private String accessToken(String value) throws Exception {
        return new ObjectMapper()
                .readTree(token(value, ORIGIN).body())
                .get("access_token")
                .textValue();
    }

    private static Optional<String> allowedOrigin(HttpResponse<String> answer) {
        return answer.headers().firstValue("Access-Control-Allow-Origin");
    }

    @Test
    void pageOfTheKeysOriginGetsATokenThatWorksThere() throws Exception {
        HttpResponse<String> answer = token(key.value(), ORIGIN);
        String bearer = "Bearer " + accessToken(key.value());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"expires_in\":300", "\"token_type\":\"Bearer\"");
        assertThat(allowedOrigin(answer)).contains(ORIGIN);
        HttpResponse<String> used = page.get(platform.uri("/v1/nowhere"), "Authorization", bearer, "Origin", ORIGIN);
        assertThat(used.statusCode()).isEqualTo(404);
        assertThat(allowedOrigin(used)).contains(ORIGIN);
        assertThat(used.headers().firstValue("Access-Control-Allow-Credentials"))
                .isEmpty();
        assertThat(used.headers().allValues("Vary")).contains("Origin");
    }

    @Test
    void caseOfKeyAndTokenDoesNotMatterOnAConnection() throws Exception {
        for (String written : List.of(upper(key.value()), key.value(), upper(key.value()))) {
            assertThat(token(written, ORIGIN).statusCode()).isEqualTo(200);
        }
        String token = accessToken(key.value());
        for (String written : List.of(upper(token), token)) {
            HttpResponse<String> used =
                    page.get(platform.uri("/v1/nowhere"), "Authorization", "Bearer " + written, "Origin", ORIGIN);
            assertThat(used.statusCode()).isEqualTo(404);
        }
    }

    private static String upper(String secret) {
        return secret.toUpperCase(Locale.ROOT);
    }

    @Test
    void othersGetNone() throws Exception {
        assertThat(token(key.value(), OTHER).statusCode()).isEqualTo(401);
        assertThat(token(key.value(), "").statusCode()).isEqualTo(401);
        assertThat(token("pk-wrong", ORIGIN).statusCode()).isEqualTo(401);
        assertThat(allowedOrigin(token(key.value(), OTHER))).isEmpty();
    }

    @Test
    void tokenIsRefusedElsewhereAndOutsideABrowser() throws Exception {
        String bearer = "Bearer " + accessToken(key.value());

        HttpResponse<String> elsewhere =
                page.get(platform.uri("/v1/nowhere"), "Authorization", bearer, "Origin", OTHER);
        assertThat(elsewhere.statusCode()).isEqualTo(401);
        assertThat(allowedOrigin(elsewhere)).isEmpty();
        assertThat(page.get(platform.uri("/v1/nowhere"), "Authorization", bearer)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void tokenEndsWithItsKeyAtOnce() throws Exception {
        Issued other = issue();
        String bearer = "Bearer " + accessToken(other.value());
        platform.keys().revoke(other.key().id(), Actor.system());

        HttpResponse<String> answer = page.get(platform.uri("/v1/nowhere"), "Authorization", bearer, "Origin", ORIGIN);

        assertThat(answer.statusCode()).isEqualTo(401);
        // The page may read why.
        assertThat(allowedOrigin(answer)).contains(ORIGIN);
    }

    @Test
    void preflightIsAnsweredForTheKeysOriginsOnly() throws Exception {
        HttpResponse<String> known = preflight(ORIGIN);
        HttpResponse<String> unknown = preflight(OTHER);

        assertThat(known.statusCode()).isEqualTo(204);
        assertThat(allowedOrigin(known)).contains(ORIGIN);
        assertThat(known.headers().firstValue("Access-Control-Allow-Headers"))
                .contains("authorization, content-type, x-stainless-lang");
        assertThat(known.headers().firstValue("Access-Control-Allow-Methods")).isPresent();
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(allowedOrigin(unknown)).isEmpty();
    }

    private HttpResponse<String> preflight(String origin) throws Exception {
        return page.send(
                HttpRequest.newBuilder(platform.uri("/v1/chat/completions")).method("OPTIONS", BodyPublishers.noBody()),
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "POST",
                "Access-Control-Request-Headers",
                "authorization, content-type, x-stainless-lang");
    }

    @Test
    void answersToOtherCredentialsAreNotForPages() throws Exception {
        HttpResponse<String> answer =
                page.get(platform.uri("/v1/nowhere"), "Authorization", "Bearer sk-proj-wrong", "Origin", ORIGIN);

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(allowedOrigin(answer)).isEmpty();
    }
}
