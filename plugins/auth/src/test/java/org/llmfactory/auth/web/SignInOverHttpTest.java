package org.llmfactory.auth.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.rest.Sessions;

/** Sign-in, sessions and passwords as browsers meet them. */
final class SignInOverHttpTest {
    private static Platform platform;

    private final Browser browser = new Browser();

    @BeforeAll
    static void start(@TempDir Path home) throws Exception {
        platform = new Platform(home);
    }

    @AfterAll
    static void stop() throws Exception {
        platform.close();
    }

    private static URI uri(String path) {
        return platform.uri(path);
    }

    private HttpResponse<String> signIn(String password, String... headers) throws Exception {
        return browser.submit(
                uri("/auth/sign-in"), Map.of("email", Platform.EMAIL, "password", password, "next", "/x"), headers);
    }

    private int sessionStatus() throws Exception {
        return browser.get(uri("/auth/session")).statusCode();
    }

    @Test
    void pageNeedsNothingFromElsewhereAndIsNotCached() throws Exception {
        HttpResponse<String> page = browser.get(uri("/auth/sign-in"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<form").doesNotContain("<script").doesNotContain("http:");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'"));
        assertThat(page.headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(browser.get(uri("/auth/style.css")).headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/css"));
    }

    @Test
    void formSignsInAndLeadsOn() throws Exception {
        HttpResponse<String> answer = signIn(Platform.PASSWORD);

        assertThat(answer.statusCode()).isEqualTo(303);
        assertThat(answer.headers().firstValue("Location")).contains("/x");
        assertThat(answer.headers().allValues("Set-Cookie"))
                .singleElement()
                .asString()
                .contains("HttpOnly", "SameSite=Lax", "Path=/")
                .doesNotContain("Domain");
        JsonNode session =
                new ObjectMapper().readTree(browser.get(uri("/auth/session")).body());
        assertThat(session.at("/user/email").textValue()).isEqualTo(Platform.EMAIL);
        assertThat(session.at("/user/role").textValue()).isEqualTo("reader");
        assertThat(session.at("/projects/0/id").textValue()).isEqualTo("proj_1");
        assertThat(session.at("/projects/0/role").textValue()).isEqualTo("member");
        assertThat(session.get("csrf_token").textValue()).hasSize(64);
    }

    @Test
    void jsonSignsInToo() throws Exception {
        HttpResponse<String> answer = browser.postJson(
                uri("/auth/sign-in"),
                "{\"email\":\"" + Platform.EMAIL + "\",\"password\":\"" + Platform.PASSWORD + "\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("csrf_token");
        assertThat(sessionStatus()).isEqualTo(200);
    }

    @Test
    void wrongPasswordShowsThePageAgainWithoutSayingWhatWasWrong() throws Exception {
        HttpResponse<String> known = signIn("wrong password");
        HttpResponse<String> unknown = browser.submit(
                uri("/auth/sign-in"),
                Map.of("email", "nobody@example.org", "password", "wrong password", "next", "/x"));

        assertThat(known.statusCode()).isEqualTo(401);
        assertThat(known.body()).contains("do not belong together").doesNotContain("wrong password");
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(unknown.body().replace("nobody@example.org", Platform.EMAIL)).isEqualTo(known.body());
        assertThat(known.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void whatWasEnteredIsEscaped() throws Exception {
        HttpResponse<String> answer = browser.submit(
                uri("/auth/sign-in"),
                Map.of("email", "\"><script>alert(1)</script>", "password", "x", "next", "/\"><b>"));

        assertThat(answer.body())
                .doesNotContain("<script")
                .doesNotContain("<b>")
                .contains("&lt;script&gt;");
    }

    @Test
    void signInAndOutAreEntered() throws Exception {
        int before = platform.ledger.events().size();
        signIn("guess-guess");
        signIn(Platform.PASSWORD);
        browser.submit(uri("/auth/sign-out"), Map.of());

        List<AuditEvent> events = platform.ledger
                .events()
                .subList(before, platform.ledger.events().size());
        assertThat(events.stream().map(AuditEvent::type))
                .containsExactly("login.failed", "login.succeeded", "logout.succeeded");
        assertThat(events.get(0).actor().id()).isEqualTo(Platform.EMAIL);
        assertThat(events.get(1).actor().id()).isEqualTo(platform.ada());
        assertThat(events.toString()).doesNotContain("guess-guess").doesNotContain(Platform.PASSWORD);
    }

    @Test
    void passwordEnteredInPlaceOfTheAddressIsNotLogged() throws Exception {
        browser.submit(uri("/auth/sign-in"), Map.of("email", Platform.PASSWORD, "password", "x"));

        assertThat(platform.ledger.events().toString()).doesNotContain(Platform.PASSWORD);
    }

    @Test
    void cookieFromBeforeTheSignInIsWorthNothing() throws Exception {
        browser.plant(uri("/"), Sessions.COOKIE, "planted-by-an-attacker");
        signIn(Platform.PASSWORD);
        String first = browser.cookie(Sessions.COOKIE).orElseThrow();
        signIn(Platform.PASSWORD);
        String second = browser.cookie(Sessions.COOKIE).orElseThrow();

        assertThat(first).isNotEqualTo("planted-by-an-attacker");
        assertThat(second).isNotEqualTo(first);
        Browser attacker = new Browser();
        attacker.plant(uri("/"), Sessions.COOKIE, "planted-by-an-attacker");
        assertThat(attacker.get(uri("/auth/session")).statusCode()).isEqualTo(401);
        attacker.plant(uri("/"), Sessions.COOKIE, first);
        assertThat(attacker.get(uri("/auth/session")).statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example",
                "/\\evil.example",
                "javascript:alert(1)",
                "x",
                "",
                "/a b",
                "/x\r\nSet-Cookie: a=b",
                "\t//evil.example",
                "/\t/evil.example"
            })
    void nobodyIsLedElsewhere(String next) throws Exception {
        HttpResponse<String> answer = browser.submit(
                uri("/auth/sign-in"), Map.of("email", Platform.EMAIL, "password", Platform.PASSWORD, "next", next));

        assertThat(answer.headers().firstValue("Location")).contains("/auth/account");
        assertThat(answer.headers().allValues("Set-Cookie")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, https://evil.example",
        "Origin, null",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "X-Nothing, x"
    })
    void pageOfSomebodyElseSignsNobodyIn(String header, String content) throws Exception {
        HttpResponse<String> answer = signIn(Platform.PASSWORD, header, content);

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void pageOfSomebodyElseSignsNobodyOut() throws Exception {
        signIn(Platform.PASSWORD);

        HttpResponse<String> answer = browser.submit(uri("/auth/sign-out"), Map.of(), "Origin", "https://evil.example");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(sessionStatus()).isEqualTo(200);
    }

    @Test
    void secretsInTheUrlAreNotRead() throws Exception {
        HttpResponse<String> answer = browser.submit(
                uri("/auth/sign-in?email=" + Platform.EMAIL + "&password=" + Platform.PASSWORD), Map.of("next", "/x"));

        assertThat(answer.statusCode()).isEqualTo(400);
    }

    @Test
    void signedOutIsSignedOut() throws Exception {
        signIn(Platform.PASSWORD);
        String cookie = browser.cookie(Sessions.COOKIE).orElseThrow();
        assertThat(browser.submit(uri("/auth/sign-out"), Map.of()).statusCode()).isEqualTo(303);

        assertThat(sessionStatus()).isEqualTo(401);
        Browser thief = new Browser();
        thief.plant(uri("/"), Sessions.COOKIE, cookie);
        assertThat(thief.get(uri("/auth/session")).statusCode()).isEqualTo(401);
    }

    @Test
    void sessionIsAskedForItsTokenByTheFilterOfEveryPlugin() throws Exception {
        signIn(Platform.PASSWORD);
        String token = new ObjectMapper()
                .readTree(browser.get(uri("/auth/session")).body())
                .get("csrf_token")
                .textValue();

        assertThat(browser.get(uri("/v1/nowhere")).statusCode()).isEqualTo(404);
        assertThat(browser.postJson(uri("/v1/nowhere"), "{}").statusCode()).isEqualTo(403);
        assertThat(browser.postJson(uri("/v1/nowhere"), "{}", Sessions.CSRF_HEADER, token)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void changedPasswordEndsTheOtherSessions() throws Exception {
        platform.directory.invite("bob's token", "bob@example.org");
        Browser here = new Browser();
        Browser there = new Browser();
        here.submit(uri("/auth/accept"), Map.of("token", "bob's token", "name", "Bob", "password", "first-secret-17"));
        Map<String, String> old = Map.of("email", "bob@example.org", "password", "first-secret-17");
        there.submit(uri("/auth/sign-in"), old);
        assertThat(there.get(uri("/auth/session")).statusCode()).isEqualTo(200);

        HttpResponse<String> wrong = here.submit(
                uri("/auth/password"), Map.of("current_password", "not-the-secret", "password", "second-secret-18"));
        HttpResponse<String> right = here.submit(
                uri("/auth/password"), Map.of("current_password", "first-secret-17", "password", "second-secret-18"));

        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("not your current password");
        assertThat(right.headers().firstValue("Location")).contains("/auth/account?changed");
        assertThat(here.get(uri("/auth/session")).statusCode()).isEqualTo(200);
        assertThat(there.get(uri("/auth/session")).statusCode()).isEqualTo(401);
        assertThat(there.submit(uri("/auth/sign-in"), old).statusCode()).isEqualTo(401);
        assertThat(platform.ledger.types()).contains("user.updated");
    }

    @Test
    void passwordIsNotChangedWhenThatCannotBeEntered() throws Exception {
        platform.directory.invite("dora's token", "dora@example.org");
        Browser here = new Browser();
        Browser there = new Browser();
        Map<String, String> old = Map.of("email", "dora@example.org", "password", "first-secret-17");
        Map<String, String> renewed = Map.of("email", "dora@example.org", "password", "second-secret-18");
        here.submit(
                uri("/auth/accept"), Map.of("token", "dora's token", "name", "Dora", "password", "first-secret-17"));
        there.submit(uri("/auth/sign-in"), old);

        platform.ledgerIsFull.set(true);
        HttpResponse<String> answer;
        try {
            answer = here.submit(
                    uri("/auth/password"),
                    Map.of("current_password", "first-secret-17", "password", "second-secret-18"));
        } finally {
            platform.ledgerIsFull.set(false);
        }

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(here.get(uri("/auth/session")).statusCode()).isEqualTo(200);
        assertThat(there.get(uri("/auth/session")).statusCode()).isEqualTo(200);
        assertThat(new Browser().submit(uri("/auth/sign-in"), renewed).statusCode())
                .isEqualTo(401);
        assertThat(new Browser().submit(uri("/auth/sign-in"), old).statusCode()).isEqualTo(303);
    }

    @Test
    void invitationIsGoodForOnePersonOnce() throws Exception {
        platform.directory.invite("carol's token", "carol@example.org");
        Map<String, String> fields = Map.of("token", "carol's token", "name", "Carol", "password", "carols-secret-17");

        assertThat(browser.get(uri("/auth/accept?token=carol's%20token")).body())
                .contains("value=\"carol&#39;s token\"");
        HttpResponse<String> weak = browser.submit(
                uri("/auth/accept"), Map.of("token", "carol's token", "name", "Carol", "password", "weak"));
        HttpResponse<String> first = browser.submit(uri("/auth/accept"), fields);
        HttpResponse<String> second = new Browser().submit(uri("/auth/accept"), fields);

        assertThat(weak.statusCode()).isEqualTo(400);
        assertThat(weak.body()).contains("12 characters");
        assertThat(first.statusCode()).isEqualTo(303);
        assertThat(sessionStatus()).isEqualTo(200);
        assertThat(second.statusCode()).isEqualTo(404);
    }

    @Test
    void invitationGivesNobodyThePasswordOfSomebodyWhoIsHere() throws Exception {
        platform.directory.add(new User(
                "user-oidc",
                "dora@example.org",
                "Dora",
                OrganizationRole.OWNER,
                Instant.now().minusSeconds(60)));
        for (String email : List.of(Platform.EMAIL, "dora@example.org")) {
            platform.directory.invite("another token", email);

            HttpResponse<String> answer = browser.submit(
                    uri("/auth/accept"),
                    Map.of("token", "another token", "name", "Thief", "password", "thiefs-secret-17"));

            assertThat(answer.headers().firstValue("Location")).contains("/auth/sign-in?error=invitation");
            assertThat(sessionStatus()).isEqualTo(401);
            assertThat(browser.submit(uri("/auth/sign-in"), Map.of("email", email, "password", "thiefs-secret-17"))
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(signIn(Platform.PASSWORD).statusCode()).isEqualTo(303);
    }

    @Test
    void accountPageShowsWhoOneIsAndOthersTheSignIn() throws Exception {
        assertThat(browser.get(uri("/auth/account")).headers().firstValue("Location"))
                .contains("/auth/sign-in");
        signIn(Platform.PASSWORD);

        HttpResponse<String> page = browser.get(uri("/auth/account"));

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains(Platform.EMAIL, "proj_1", "Change password", "Sign out");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /auth/sign-out, 405",
        "GET, /auth/password, 405",
        "GET, /auth/token, 405",
        "DELETE, /auth/session, 405",
        "GET, /auth/nowhere, 404",
        "GET, /auth/oidc/callback, 303"
    })
    void otherRequestsAreAnswered(String method, String path, int status) throws Exception {
        assertThat(browser.send(HttpRequest.newBuilder(uri(path)).method(method, BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(status);
    }

    @Test
    void withoutAProviderNoneIsOffered() throws Exception {
        assertThat(browser.get(uri("/auth/sign-in")).body()).doesNotContain("/auth/oidc/start");
        assertThat(browser.get(uri("/auth/oidc/start")).headers().firstValue("Location"))
                .contains("/auth/sign-in?error=provider");
    }

    @Test
    void hugeBodiesAreRefused() throws Exception {
        HttpResponse<String> answer =
                browser.submit(uri("/auth/sign-in"), Map.of("email", "a@b.example", "password", "x".repeat(70_000)));

        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void errorTextsOfALinkAreOurs() throws Exception {
        assertThat(browser.get(uri("/auth/sign-in?error=expired")).body()).contains("begun in another browser");
        assertThat(browser.get(uri("/auth/sign-in?error=Call+this+number")).body())
                .doesNotContain("Call");
        assertThat(Optional.of(browser.get(uri("/auth/sign-in?error=uninvited")).body()))
                .hasValueSatisfying(page -> assertThat(page).contains("not been invited"));
    }
}
