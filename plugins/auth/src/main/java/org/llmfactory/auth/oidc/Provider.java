package org.llmfactory.auth.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.util.Set;

/** A provider as it described itself, and the keys it signs with. */
final class Provider {
    /** Signatures by the provider's own key. One by a shared secret, or none at all, is never accepted. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final OIDCProviderMetadata metadata;
    private final IDTokenValidator validator;

    private Provider(OIDCProviderMetadata metadata, IDTokenValidator validator) {
        this.metadata = metadata;
        this.validator = validator;
    }

    /** Asks a provider for its description. */
    static Provider discover(String issuer, ClientID client, BoundedHttp http) throws RefusedException {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        try {
            OIDCProviderMetadata metadata =
                    OIDCProviderMetadata.parse(http.get(URI.create(base + "/.well-known/openid-configuration")));
            if (!metadata.getIssuer().getValue().equals(issuer)) {
                throw new RefusedException(
                        RefusedException.Reason.PROVIDER,
                        "the provider calls itself " + metadata.getIssuer() + ", not " + issuer + " as configured");
            }
            JWKSource<SecurityContext> keys = JWKSourceBuilder.create(
                            metadata.getJWKSetURI().toURL(), http)
                    .build();
            return new Provider(
                    metadata,
                    new IDTokenValidator(
                            metadata.getIssuer(), client, new JWSVerificationKeySelector<>(ALGORITHMS, keys), null));
        } catch (IOException | ParseException | IllegalArgumentException failure) {
            throw new RefusedException(
                    RefusedException.Reason.PROVIDER, "the provider " + issuer + " does not describe itself", failure);
        }
    }

    OIDCProviderMetadata metadata() {
        return metadata;
    }

    /** Checks signature, issuer, audience, times and nonce. */
    IDTokenClaimsSet verified(JWT token, Nonce nonce) throws RefusedException {
        try {
            return validator.validate(token, nonce);
        } catch (BadJOSEException | JOSEException failure) {
            throw new RefusedException(
                    RefusedException.Reason.PROVIDER, "the provider's ID token cannot be trusted", failure);
        }
    }
}
