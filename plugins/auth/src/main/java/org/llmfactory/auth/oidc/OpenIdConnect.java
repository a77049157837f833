package org.llmfactory.auth.oidc;

import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.auth.oidc.RefusedException.Reason;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * Sign-in through an OpenID provider: authorization code with PKCE. Off while no issuer is configured. The provider is asked for
 * its description on the first sign-in, so that it may be away when the platform starts.
 */
@Component(service = OpenIdConnect.class, configurationPid = "org.llmfactory.auth.oidc")
@Designate(ocd = OpenIdConnect.Config.class)
public final class OpenIdConnect {
    /** Which provider, and what it says of people. */
    @ObjectClassDefinition(name = "LLM Factory: sign-in through an OpenID provider")
    public @interface Config {
        @AttributeDefinition(description = "Issuer URL of the provider; empty for none")
        String issuer() default "";

        @AttributeDefinition(description = "What the provider is called on the sign-in page")
        String displayName() default "single sign-on";

        @AttributeDefinition(
                description = "Client id that the platform is registered under; its redirect URI is"
                        + " <public URL>/auth/oidc/callback")
        String clientId() default "llm-factory";

        @AttributeDefinition(description = "File with the client's secret; empty for a public client")
        String clientSecretFile() default "";

        @AttributeDefinition(description = "Scopes to ask for, parted by spaces")
        String scopes() default "openid email profile";

        @AttributeDefinition(description = "Claim with the email address")
        String emailClaim() default "email";

        @AttributeDefinition(
                description = "Claim that says whether the address was verified; empty when the provider"
                        + " verifies all and says nothing")
        String emailVerifiedClaim() default "email_verified";

        @AttributeDefinition(description = "Claim with the name")
        String nameClaim() default "name";

        @AttributeDefinition(description = "Claim with the names of a person's groups")
        String groupsClaim() default "groups";

        @AttributeDefinition(description = "Seconds that the provider may take for one answer")
        int timeoutSeconds() default 10;
    }

    private final Config config;
    private final BoundedHttp http;
    private final Pending pending = new Pending();
    private @Nullable Provider provider;

    @Activate
    public OpenIdConnect(Config config) {
        this.config = config;
        this.http = new BoundedHttp(Duration.ofSeconds(config.timeoutSeconds()));
    }

    /** What the provider is called; empty when there is none. */
    public Optional<String> displayName() {
        return config.issuer().isBlank() ? Optional.empty() : Optional.of(config.displayName());
    }

    /**
     * Begins a sign-in.
     *
     * @param browser a secret of the browser, which it brings again at the end
     * @param redirect the platform's own callback
     * @param next where to go afterwards
     * @return where to send the browser
     */
    public URI begin(String browser, URI redirect, String next) throws RefusedException {
        State state = new State(32);
        Nonce nonce = new Nonce(32);
        CodeVerifier verifier = new CodeVerifier();
        URI endpoint = provider().metadata().getAuthorizationEndpointURI();
        pending.put(state.getValue(), new Pending.Begun(browser, nonce, verifier, redirect, next));
        return new AuthenticationRequest.Builder(
                        new ResponseType(ResponseType.Value.CODE),
                        Scope.parse(config.scopes()),
                        new ClientID(config.clientId()),
                        redirect)
                .endpointURI(endpoint)
                .state(state)
                .nonce(nonce)
                .codeChallenge(verifier, CodeChallengeMethod.S256)
                .build()
                .toURI();
    }

    /**
     * Somebody who came back.
     *
     * @param next where he was going
     */
    public record Returned(Identity identity, String next) {}

    /**
     * Ends a sign-in.
     *
     * @param callback the URL that the provider sent the browser to, with what it says
     * @param browser the browser's secret; empty when it brought none
     * @throws RefusedException when nobody is to be signed in
     */
    public Returned end(URI callback, String browser) throws RefusedException {
        CodeFlow flow = CodeFlow.parse(callback);
        Pending.Begun begun = pending.take(flow.state())
                .filter(signIn -> !browser.isEmpty() && signIn.browser().equals(browser))
                .orElseThrow(() -> new RefusedException(Reason.EXPIRED, "no such sign-in was begun in this browser"));
        Provider known = provider();
        Claims claims = flow.redeem(known, begun, new ClientID(config.clientId()), secret(), http);
        return new Returned(claims.identity(config), begun.next());
    }

    private synchronized Provider provider() throws RefusedException {
        Provider known = provider;
        if (known == null) {
            if (config.issuer().isBlank()) {
                throw new RefusedException(Reason.PROVIDER, "no provider is configured");
            }
            known = Provider.discover(config.issuer(), new ClientID(config.clientId()), http);
            provider = known;
        }
        return known;
    }

    private Optional<String> secret() throws RefusedException {
        if (config.clientSecretFile().isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    Files.readString(Path.of(config.clientSecretFile())).strip());
        } catch (IOException failure) {
            throw new RefusedException(
                    Reason.PROVIDER, "the client's secret cannot be read from " + config.clientSecretFile(), failure);
        }
    }
}
