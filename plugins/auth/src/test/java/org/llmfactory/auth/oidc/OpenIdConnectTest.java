package org.llmfactory.auth.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.auth.oidc.RefusedException.Reason;
import org.llmfactory.auth.store.Configs;

/** What a provider, or whoever stands between, may send. */
final class OpenIdConnectTest {
    private static final URI REDIRECT = URI.create("http://127.0.0.1:8080/auth/oidc/callback");
    private static final String BROWSER = "a secret of the browser";

    private HostileProvider provider;
    private OpenIdConnect client;
    private String state;
    private String nonce;

    @BeforeEach
    void start() throws Exception {
        provider = new HostileProvider();
        client = client(Map.of());
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private OpenIdConnect client(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(Map.of("issuer", provider.issuer(), "timeoutSeconds", 5));
        settings.putAll(more);
        return new OpenIdConnect(Configs.of(OpenIdConnect.Config.class, settings));
    }

    private void begin() throws Exception {
        String location = client.begin(BROWSER, REDIRECT, "/next").toString();
        state = parameter(location, "state");
        nonce = parameter(location, "nonce");
    }

    private static String parameter(String url, String name) {
        Matcher matcher = Pattern.compile("[?&]" + name + "=([^&]+)").matcher(url);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private OpenIdConnect.Returned end() throws RefusedException {
        return client.end(URI.create(REDIRECT + "?code=c0de&state=" + state), BROWSER);
    }

    private void assertRefused(Reason reason, String idToken) {
        provider.idToken = idToken;
        assertThatThrownBy(this::end)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(reason));
    }

    private void assertDistrusted(JWTClaimsSet claims) throws Exception {
        assertRefused(Reason.PROVIDER, provider.signed(claims));
    }

    @Test
    void goodTokenMakesAnIdentity() throws Exception {
        begin();
        provider.idToken = provider.signed(provider.claims(nonce)
                .claim("name", "Ada")
                .claim("groups", List.of("crew", 7, "pilots"))
                .build());

        OpenIdConnect.Returned returned = end();

        assertThat(returned.identity()).isEqualTo(new Identity("ada@example.org", "Ada", Set.of("crew", "pilots")));
        assertThat(returned.next()).isEqualTo("/next");
        assertThat(provider.lastTokenRequest).contains("code=c0de", "code_verifier=", "client_id=llm-factory");
    }

    @Test
    void wrongNonceIsRefused() throws Exception {
        begin();

        assertDistrusted(provider.claims("another nonce").build());
    }

    @Test
    void absentNonceIsRefused() throws Exception {
        begin();

        assertDistrusted(provider.claims(null).build());
    }

    @Test
    void unsignedTokenIsRefused() throws Exception {
        begin();

        assertRefused(Reason.PROVIDER, new PlainJWT(provider.claims(nonce).build()).serialize());
    }

    @Test
    void signatureOfAnotherKeyIsRefused() throws Exception {
        begin();

        assertRefused(Reason.PROVIDER, provider.signed(provider.claims(nonce).build(), HostileProvider.newKey()));
    }

    @Test
    void signatureByThePublicKeyAsASecretIsRefused() throws Exception {
        begin();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("one").build(),
                provider.claims(nonce).build());
        token.sign(new MACSigner(provider.key.toRSAPublicKey().getEncoded()));

        assertRefused(Reason.PROVIDER, token.serialize());
    }

    @Test
    void changedClaimsAreRefused() throws Exception {
        begin();
        String[] good = provider.signed(provider.claims(nonce).build()).split("\\.", -1);
        String[] other = provider.signed(provider.claims(nonce)
                        .claim("email", "root@example.org")
                        .build())
                .split("\\.", -1);

        assertRefused(Reason.PROVIDER, good[0] + "." + other[1] + "." + good[2]);
    }

    @Test
    void anotherIssuerOrAudienceIsRefused() throws Exception {
        begin();
        assertDistrusted(provider.claims(nonce).issuer("http://evil.example").build());
        begin();
        assertDistrusted(provider.claims(nonce).audience("another client").build());
    }

    @Test
    void expiredTokenIsRefused() throws Exception {
        begin();

        assertDistrusted(provider.claims(nonce)
                .expirationTime(Date.from(Instant.now().minus(Duration.ofMinutes(5))))
                .build());
    }

    @Test
    void stateIsGoodForOneTime() throws Exception {
        begin();
        provider.idToken = provider.signed(provider.claims(nonce).build());
        end();

        assertThatThrownBy(this::end)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(Reason.EXPIRED));
    }

    @Test
    void otherBrowserIsRefusedAndTheSignInIsOver() throws Exception {
        begin();
        provider.idToken = provider.signed(provider.claims(nonce).build());
        URI callback = URI.create(REDIRECT + "?code=c0de&state=" + state);

        assertThatThrownBy(() -> client.end(callback, "another browser")).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> client.end(callback, "")).isInstanceOf(RefusedException.class);
        assertThatThrownBy(this::end).isInstanceOf(RefusedException.class);
    }

    @Test
    void userInformationOfAnotherPersonIsRefused() throws Exception {
        begin();
        provider.userInfo = "{\"sub\":\"eve\",\"email\":\"eve@example.org\"}";

        assertDistrusted(provider.claims(nonce).build());
    }

    @Test
    void signedClaimsPrevail() throws Exception {
        begin();
        provider.userInfo = "{\"sub\":\"ada\",\"email\":\"root@example.org\",\"groups\":[\"crew\"]}";
        provider.idToken = provider.signed(provider.claims(nonce).build());

        assertThat(end().identity()).isEqualTo(new Identity("ada@example.org", "ada@example.org", Set.of("crew")));
    }

    @Test
    void unverifiedAddressIsRefusedUnlessTheProviderSaysNothingOfIt() throws Exception {
        for (Object verified : new Object[] {false, "false", null, 1}) {
            begin();
            JWTClaimsSet claims =
                    provider.claims(nonce).claim("email_verified", verified).build();
            assertRefused(Reason.UNVERIFIED, provider.signed(claims));
        }
        client = client(Map.of("emailVerifiedClaim", ""));
        begin();
        provider.idToken = provider.signed(
                provider.claims(nonce).claim("email_verified", null).build());

        assertThat(end().identity().email()).isEqualTo("ada@example.org");
    }

    @Test
    void providerThatCallsItselfOtherwiseIsRefused() {
        provider.discovery = provider.discovery.replaceFirst("127.0.0.1", "evil.example");

        assertThatThrownBy(this::begin)
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("not " + provider.issuer());
    }

    @Test
    void endlessAnswerIsCutOff() {
        provider.discovery = "[" + "1,".repeat(1_000_000) + "1]";

        assertThatThrownBy(this::begin)
                .isInstanceOf(RefusedException.class)
                .rootCause()
                .isInstanceOf(IOException.class)
                .hasMessageContaining("larger than");
    }

    @Test
    void absentProviderIsToldAndAskedAgainLater() throws Exception {
        String good = provider.discovery;
        provider.discovery = "nonsense";
        assertThatThrownBy(this::begin).isInstanceOf(RefusedException.class);

        provider.discovery = good;
        begin();

        assertThat(state).isNotEmpty();
    }

    @Test
    void clientsSecretComesFromItsFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "s3cret\n");
        client = client(Map.of("clientSecretFile", file.toString()));
        begin();
        provider.idToken = provider.signed(provider.claims(nonce).build());
        end();
        Files.delete(file);
        begin();
        provider.idToken = provider.signed(provider.claims(nonce).build());

        assertThatThrownBy(this::end).isInstanceOf(RefusedException.class).hasMessageContaining("cannot be read");
    }

    @Test
    void withoutAnIssuerThereIsNoProvider() {
        client = client(Map.of("issuer", ""));

        assertThat(client.displayName()).isEmpty();
        assertThatThrownBy(this::begin).isInstanceOf(RefusedException.class);
    }

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        OpenIdConnect.Config config = Configs.of(OpenIdConnect.Config.class, Map.of());

        assertThat(config.issuer()).isEmpty();
        assertThat(config.clientId()).isEqualTo("llm-factory");
        assertThat(config.scopes()).isEqualTo("openid email profile");
        assertThat(config.emailVerifiedClaim()).isEqualTo("email_verified");
        assertThat(config.groupsClaim()).isEqualTo("groups");
        assertThat(config.timeoutSeconds()).isEqualTo(10);
    }
}
