package org.llmfactory.auth.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.rest.Sessions;

/** Sign-in through a real OpenID provider, from the sign-in page and back. */
final class OpenIdProviderIT {
    private static final String PEOPLE = """
            {"ada": {"email": "Ada@example.org", "email_verified": true, "name": "Ada L.", "groups": ["crew", "pilots"]},
             "eve": {"email": "ada@example.org", "email_verified": false, "name": "Eve"},
             "bob": {"email": "bob@example.org", "email_verified": true, "name": "Bob"},
             "noone": {"name": "No address"}}""";
    private static final String SECRET = "a secret of the tests, long enough";
    private static final Pattern ACTION = Pattern.compile("<form[^>]*action=\"([^\"]+)\"[^>]*method=\"post\"");

    private static Platform platform;
    private static NodeProvider provider;

    private final Browser browser = new Browser();

    @BeforeAll
    static void start(@TempDir Path home) throws Exception {
        platform = new Platform(home);
        provider = new NodeProvider(PEOPLE, platform.uri("/auth/oidc/callback"), SECRET);
        Path secret = Files.writeString(home.resolve("client-secret"), SECRET + "\n");
        platform.configureProvider(Map.of(
                "issuer",
                provider.issuer(),
                "clientSecretFile",
                secret.toString(),
                "scopes",
                "openid email profile groups",
                "displayName",
                "Example & Sons"));
        Browser visitor = new Browser();
        await().ignoreExceptionsInstanceOf(IOException.class)
                .atMost(Duration.ofSeconds(90))
                .until(() -> visitor.get(platform.uri("/auth/sign-in")).body().contains("/auth/oidc/start")
                        && visitor.get(platform.uri("/auth/oidc/callback")).statusCode() == 303);
    }

    @AfterAll
    static void stop() throws Exception {
        provider.close();
        platform.close();
    }

    /** The URL that the provider sends the browser back to, after login and consent. */
    private URI returned(String login) throws Exception {
        HttpResponse<String> begun = browser.get(platform.uri("/auth/oidc/start?next=/console"));
        return throughProvider(URI.create(begun.headers().firstValue("Location").orElseThrow()), login);
    }

    private URI throughProvider(URI authorization, String login) throws Exception {
        URI at = authorization;
        for (int steps = 0; steps < 20; steps++) {
            HttpResponse<String> answer = browser.get(at);
            if (answer.statusCode() == 200) {
                answer = submitted(answer, login);
            }
            at = at.resolve(answer.headers().firstValue("Location").orElseThrow());
            if (at.getPath().equals("/auth/oidc/callback")) {
                return at;
            }
        }
        throw new AssertionError("the provider leads in circles");
    }

    private HttpResponse<String> submitted(HttpResponse<String> page, String login) throws Exception {
        Matcher action = ACTION.matcher(page.body());
        assertThat(action.find()).as(page.body()).isTrue();
        Map<String, String> fields = new HashMap<>();
        if (page.body().contains("value=\"login\"")) {
            fields.putAll(Map.of("prompt", "login", "login", login, "password", "any"));
        } else {
            fields.put("prompt", "consent");
        }
        return browser.submit(page.uri().resolve(action.group(1)), fields);
    }

    private String location(URI callback) throws Exception {
        return browser.get(callback).headers().firstValue("Location").orElseThrow();
    }

    private boolean isSignedIn() throws Exception {
        return browser.get(platform.uri("/auth/session")).statusCode() == 200;
    }

    @Test
    void pageOffersTheProvider() throws Exception {
        assertThat(browser.get(platform.uri("/auth/sign-in?next=/console")).body())
                .contains("Continue with Example &amp; Sons", "/auth/oidc/start?next=%2Fconsole");
    }

    @Test
    void personIsSignedInWithHisGroupsAndLedOn() throws Exception {
        assertThat(location(returned("ada"))).isEqualTo("/console");

        assertThat(isSignedIn()).isTrue();
        assertThat(browser.get(platform.uri("/auth/session")).body()).contains(Platform.EMAIL);
        assertThat(platform.directory.groups(platform.ada())).isEqualTo(Set.of("crew", "pilots"));
        assertThat(platform.ledger.events()).anySatisfy(event -> {
            assertThat(event.type()).isEqualTo("login.succeeded");
            assertThat(event.details()).containsEntry("method", "oidc");
        });
    }

    @Test
    void requestToTheProviderIsProtected() throws Exception {
        String query = URI.create(browser.get(platform.uri("/auth/oidc/start"))
                        .headers()
                        .firstValue("Location")
                        .orElseThrow())
                .getQuery();

        assertThat(query).contains("response_type=code", "code_challenge_method=S256", "state=", "nonce=");
        assertThat(query).doesNotContain(SECRET).doesNotContain("code_verifier");
    }

    @Test
    void codeIsGoodOnce() throws Exception {
        URI callback = returned("ada");
        browser.get(callback);
        browser.submit(platform.uri("/auth/sign-out"), Map.of());

        assertThat(location(callback)).isEqualTo("/auth/sign-in?error=expired");
        assertThat(isSignedIn()).isFalse();
    }

    @Test
    void usedCodeUnderANewStateIsRefusedByTheProvider() throws Exception {
        URI used = returned("ada");
        browser.get(used);
        browser.submit(platform.uri("/auth/sign-out"), Map.of());
        URI fresh = returned("ada");
        String code = parameter(used, "code");

        URI mixed = URI.create(fresh.toString().replace(parameter(fresh, "code"), code));

        assertThat(location(mixed)).isEqualTo("/auth/sign-in?error=provider");
        assertThat(isSignedIn()).isFalse();
    }

    private static String parameter(URI uri, String name) {
        Matcher matcher = Pattern.compile("[?&]" + name + "=([^&]+)").matcher(uri.toString());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    @Test
    void changedStateIsRefused() throws Exception {
        URI callback = returned("ada");
        String state = parameter(callback, "state");

        assertThat(location(URI.create(callback.toString().replace(state, state.substring(1) + "x"))))
                .isEqualTo("/auth/sign-in?error=expired");
        assertThat(isSignedIn()).isFalse();
    }

    @Test
    void callbackInAnotherBrowserSignsNobodyIn() throws Exception {
        URI callback = returned("ada");
        Browser victim = new Browser();

        assertThat(victim.get(callback).headers().firstValue("Location")).contains("/auth/sign-in?error=expired");
        assertThat(victim.cookie(Sessions.COOKIE)).isEmpty();
    }

    @Test
    void callbackOfAnotherProviderIsRefused() throws Exception {
        URI callback = returned("ada");
        String issuer = parameter(callback, "iss");

        assertThat(location(URI.create(callback.toString().replace(issuer, "http%3A%2F%2Fevil.example"))))
                .isEqualTo("/auth/sign-in?error=provider");
    }

    @Test
    void unverifiedAddressIsNobodys() throws Exception {
        assertThat(location(returned("eve"))).isEqualTo("/auth/sign-in?error=unverified");
        assertThat(isSignedIn()).isFalse();
    }

    @Test
    void personWithoutAnAddressIsRefused() throws Exception {
        assertThat(location(returned("noone"))).isEqualTo("/auth/sign-in?error=provider");
    }

    @Test
    void whoIsNotInvitedIsToldSo() throws Exception {
        assertThat(location(returned("bob"))).isEqualTo("/auth/sign-in?error=uninvited");
        assertThat(isSignedIn()).isFalse();
        assertThat(platform.ledger.types()).contains("login.failed");
    }

    @Test
    void refusalOfTheProviderLeadsBackToThePage() throws Exception {
        URI callback = returned("ada");
        String state = parameter(callback, "state");

        assertThat(location(platform.uri("/auth/oidc/callback?error=access_denied&state=" + state)))
                .isEqualTo("/auth/sign-in?error=provider");
    }

    @Test
    void nobodyIsLedElsewhereAfterwards() throws Exception {
        HttpResponse<String> begun = browser.get(platform.uri("/auth/oidc/start?next=https://evil.example/"));
        URI callback = throughProvider(
                URI.create(begun.headers().firstValue("Location").orElseThrow()), "ada");

        assertThat(location(callback)).isEqualTo("/auth/account");
    }
}
