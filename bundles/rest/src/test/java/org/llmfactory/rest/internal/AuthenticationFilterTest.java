package org.llmfactory.rest.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.llmfactory.api.identity.testing.InMemoryAuthenticator.USER;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Credentials;
import org.llmfactory.api.identity.testing.InMemoryAuthenticator;
import org.llmfactory.rest.RequestAttributes;
import org.llmfactory.rest.Sessions;

final class AuthenticationFilterTest {
    private final AuthenticationFilter filter =
            new AuthenticationFilter(FiltersTest.config(AuthenticationFilter.Config.class, Map.of()));

    @Test
    void rightKeyLetsItsOwnerThrough() throws Exception {
        know("key");

        for (String header : new String[] {"Bearer key", "bearer key", "Bearer  key ", "Basic " + base64("me:key")}) {
            Exchange exchange =
                    Exchange.get("/v1/models").header("Authorization", header).through(filter);

            assertThat(exchange.passed().getAttribute(Caller.ATTRIBUTE))
                    .as(header)
                    .isEqualTo(USER);
        }
    }

    @Test
    void caseOfAKeyOrSessionDoesNotMatter() throws Exception {
        filter.authenticator =
                new InMemoryAuthenticator().allow("sk-proj-0f", USER).allowSession("0e", "token", USER);

        for (String header :
                new String[] {"Bearer SK-PROJ-0F", "Bearer sk-proj-0f", "Basic " + base64("me:Sk-Proj-0F")}) {
            assertThat(Exchange.get("/v1/models")
                            .header("Authorization", header)
                            .through(filter)
                            .hasPassed())
                    .as(header)
                    .isTrue();
        }
        assertThat(Exchange.get("/v1/models")
                        .cookie(Sessions.COOKIE, "0E")
                        .through(filter)
                        .hasPassed())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer other", "Bearer", "Bearer ", "key", "Basic key", "Basic !!!", "Digest key", ""})
    void everythingElseIsRefused(String header) throws Exception {
        know("key");

        Exchange exchange =
                Exchange.get("/v1/models").header("Authorization", header).through(filter);

        assertThat(exchange.hasPassed()).isFalse();
        assertThat(exchange.status()).isEqualTo(401);
        assertThat(exchange.answer()).contains("\"code\":\"invalid_api_key\"");
        assertThat(exchange.responseHeaders).containsEntry("WWW-Authenticate", "Bearer realm=\"LLM Factory\"");
    }

    @Test
    void everythingIsRefusedWithoutAnAuthenticator() throws Exception {
        Exchange exchange =
                Exchange.get("/v1/models").header("Authorization", "Bearer key").through(filter);

        assertThat(exchange.hasPassed()).isFalse();
        assertThat(exchange.status()).isEqualTo(401);
    }

    @Test
    void sessionReadsWithItsCookieAlone() throws Exception {
        filter.authenticator = new InMemoryAuthenticator().allowSession("session", "token", USER);

        Exchange exchange =
                Exchange.get("/v1/models").cookie(Sessions.COOKIE, "session").through(filter);

        assertThat(exchange.passed().getAttribute(Caller.ATTRIBUTE)).isEqualTo(USER);
    }

    @Test
    void sessionChangesNothingWithoutItsToken() throws Exception {
        filter.authenticator = new InMemoryAuthenticator().allowSession("session", "token", USER);

        Exchange without = Exchange.post("/v1/presets", "{}").cookie(Sessions.COOKIE, "session");
        Exchange wrong = Exchange.post("/v1/presets", "{}")
                .cookie(Sessions.COOKIE, "session")
                .header(Sessions.CSRF_HEADER, "other");
        Exchange right = Exchange.post("/v1/presets", "{}")
                .cookie(Sessions.COOKIE, "session")
                .header(Sessions.CSRF_HEADER, "token");

        assertThat(without.through(filter).status()).isEqualTo(403);
        assertThat(wrong.through(filter).status()).isEqualTo(403);
        assertThat(right.through(filter).hasPassed()).isTrue();
    }

    @Test
    void formOfTheConsoleNeedsNoTokenWhenTheBrowserVouchesForIt() throws Exception {
        filter.authenticator = new InMemoryAuthenticator().allowSession("session", "token", USER);

        assertThat(form("/system/console/bundles", "http://host:8080").hasPassed())
                .isTrue();
        assertThat(form("/system/console/bundles", "https://evil.example").status())
                .isEqualTo(403);
        assertThat(form("/system/console/bundles", "null").status()).isEqualTo(403);
        assertThat(form("/v1/presets", "http://host:8080").status()).isEqualTo(403);
        assertThat(Exchange.post("/system/console", "")
                        .cookie(Sessions.COOKIE, "session")
                        .through(filter)
                        .status())
                .isEqualTo(403);
    }

    private Exchange form(String path, String origin) throws Exception {
        return Exchange.post(path, "action=stop")
                .cookie(Sessions.COOKIE, "session")
                .header("Host", "host:8080")
                .header("Origin", origin)
                .through(filter);
    }

    @Test
    void endedSessionIsToldToSignInAgain() throws Exception {
        filter.authenticator = new InMemoryAuthenticator();

        Exchange exchange =
                Exchange.get("/v1/models").cookie(Sessions.COOKIE, "old").through(filter);

        assertThat(exchange.status()).isEqualTo(401);
        assertThat(exchange.answer()).contains("sign in again");
    }

    @Test
    void authenticatorHearsOfEverythingThatTheRequestBrings() throws Exception {
        AtomicReference<Credentials> heard = new AtomicReference<>();
        filter.authenticator = credentials -> {
            heard.set(credentials);
            return Optional.of(USER);
        };

        Exchange exchange = Exchange.post("/v1/models", "")
                .header("Authorization", "Bearer key")
                .header("Origin", "https://app.example")
                .header("OpenAI-Project", "proj_1")
                .header(Sessions.CSRF_HEADER, "token")
                .cookie("other", "x")
                .cookie(Sessions.COOKIE, "session")
                .through(filter);

        assertThat(heard.get())
                .isEqualTo(new Credentials(
                        Optional.of("key"),
                        Optional.of("session"),
                        Optional.of("token"),
                        true,
                        Exchange.ADDRESS,
                        Optional.of("https://app.example"),
                        Optional.of("proj_1")));
        assertThat(exchange.attributes).containsEntry(RequestAttributes.ADDRESS, Exchange.ADDRESS);
        assertThat(exchange.attributes.get(RequestAttributes.AUTHENTICATION_NANOS))
                .isInstanceOf(Long.class);
    }

    @Test
    void emptyProjectHeaderIsNone() throws Exception {
        AtomicReference<Credentials> heard = new AtomicReference<>();
        filter.authenticator = credentials -> {
            heard.set(credentials);
            return Optional.of(USER);
        };

        Exchange.get("/v1/models")
                .header("Authorization", "Bearer key")
                .header("OpenAI-Project", "")
                .through(filter);

        assertThat(heard.get().project()).isEmpty();
        assertThat(heard.get().changesState()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/auth/sign-in", "/auth/oidc/callback", "/auth/"})
    void openPathsNeedNoKey(String path) throws Exception {
        assertThat(Exchange.get(path).through(filter).hasPassed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/healthy",
                "/health/",
                "/health/x",
                "/v1/health",
                "/metrics",
                "/auth",
                "/authx",
                "/authx/sign-in",
                "/v1/auth/sign-in",
                "//auth/sign-in",
                "/AUTH/sign-in",
                "/auth/../v1/models",
                "/auth/..",
                "/auth/./../v1/models",
                "/auth//v1",
                "/auth/..;/v1/models",
                "/auth/%2e%2e/v1/models",
                "/auth/..\\v1"
            })
    void everyOtherPathNeedsOne(String path) throws Exception {
        assertThat(Exchange.get(path).through(filter).hasPassed()).isFalse();
    }

    @Test
    void browserIsSentToTheSignInPageWhereThereIsAPageToSee() throws Exception {
        Exchange page = Exchange.get("/system/console/bundles").through(filter);

        assertThat(page.status()).isEqualTo(302);
        assertThat(page.responseHeaders).containsEntry("Location", "/auth/sign-in?next=%2Fsystem%2Fconsole%2Fbundles");
    }

    @Test
    void nobodyElseIsSentThere() throws Exception {
        know("key");
        Exchange program = Exchange.get("/system/console/bundles").header("Authorization", "Bearer other");
        Exchange form = Exchange.post("/system/console/bundles", "action=stop");
        Exchange other = Exchange.get("/system/consoles");

        for (Exchange exchange : new Exchange[] {program, form, other}) {
            assertThat(exchange.through(filter).status()).isEqualTo(401);
        }
    }

    private void know(String key) {
        filter.authenticator = new InMemoryAuthenticator().allow(key, USER);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
