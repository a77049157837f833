package org.llmfactory.auth.oidc;

import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.auth.oidc.RefusedException.Reason;

/** What the provider sent the browser back with, and how it is turned into claims. */
final class CodeFlow {
    private final String state;
    private final AuthenticationResponse response;

    private CodeFlow(String state, AuthenticationResponse response) {
        this.state = state;
        this.response = response;
    }

    /** Reads the URL of a callback. */
    static CodeFlow parse(URI callback) throws RefusedException {
        try {
            AuthenticationResponse response = AuthenticationResponseParser.parse(callback);
            if (response.getState() == null) {
                throw new RefusedException(Reason.EXPIRED, "the callback has no state");
            }
            return new CodeFlow(response.getState().getValue(), response);
        } catch (ParseException malformed) {
            throw new RefusedException(Reason.PROVIDER, "the callback is malformed", malformed);
        }
    }

    /** Which sign-in it belongs to. */
    String state() {
        return state;
    }

    /** Exchanges the code for an ID token, and asks for what that does not say. */
    Claims redeem(Provider provider, Pending.Begun begun, ClientID client, Optional<String> secret, BoundedHttp http)
            throws RefusedException {
        OIDCTokenResponse tokens = tokens(provider, code(provider), begun, client, secret, http);
        JWT idToken = tokens.getOIDCTokens().getIDToken();
        if (idToken == null) {
            throw new RefusedException(Reason.PROVIDER, "the provider sent no ID token");
        }
        IDTokenClaimsSet verified = provider.verified(idToken, begun.nonce());
        Map<String, Object> more = userInfo(provider, tokens.getOIDCTokens().getBearerAccessToken(), verified, http);
        return new Claims(verified.toJSONObject(), more);
    }

    private AuthorizationCode code(Provider provider) throws RefusedException {
        Issuer issuer = response.getIssuer();
        if (issuer != null && !issuer.equals(provider.metadata().getIssuer())) {
            throw new RefusedException(Reason.PROVIDER, "the callback comes from another provider");
        }
        if (!response.indicatesSuccess()) {
            throw new RefusedException(
                    Reason.PROVIDER,
                    "the provider refused: "
                            + response.toErrorResponse().getErrorObject().getCode());
        }
        AuthorizationCode code = response.toSuccessResponse().getAuthorizationCode();
        if (code == null) {
            throw new RefusedException(Reason.PROVIDER, "the callback has no code");
        }
        return code;
    }

    private static OIDCTokenResponse tokens(
            Provider provider,
            AuthorizationCode code,
            Pending.Begun begun,
            ClientID client,
            Optional<String> secret,
            BoundedHttp http)
            throws RefusedException {
        AuthorizationCodeGrant grant = new AuthorizationCodeGrant(code, begun.redirect(), begun.verifier());
        URI endpoint = provider.metadata().getTokenEndpointURI();
        TokenRequest request = secret.map(known -> new TokenRequest.Builder(
                                endpoint, new ClientSecretBasic(client, new Secret(known)), grant)
                        .build())
                .orElseGet(() -> new TokenRequest.Builder(endpoint, client, grant).build());
        try {
            TokenResponse response =
                    OIDCTokenResponseParser.parse(request.toHTTPRequest().send(http));
            if (!response.indicatesSuccess()) {
                throw new RefusedException(
                        Reason.PROVIDER,
                        "the provider does not take the code: "
                                + response.toErrorResponse().getErrorObject().getCode());
            }
            return (OIDCTokenResponse) response.toSuccessResponse();
        } catch (IOException | ParseException failure) {
            throw new RefusedException(Reason.PROVIDER, "the provider's tokens cannot be read", failure);
        }
    }

    private static Map<String, Object> userInfo(
            Provider provider, BearerAccessToken access, IDTokenClaimsSet verified, BoundedHttp http)
            throws RefusedException {
        URI endpoint = provider.metadata().getUserInfoEndpointURI();
        if (endpoint == null || access == null) {
            return Map.of();
        }
        try {
            UserInfoResponse response = UserInfoResponse.parse(
                    new UserInfoRequest(endpoint, access).toHTTPRequest().send(http));
            if (!response.indicatesSuccess() || response.toSuccessResponse().getUserInfo() == null) {
                return Map.of();
            }
            Map<String, Object> claims =
                    response.toSuccessResponse().getUserInfo().toJSONObject();
            if (!verified.getSubject().getValue().equals(claims.get("sub"))) {
                throw new RefusedException(Reason.PROVIDER, "the provider tells of another person");
            }
            return claims;
        } catch (IOException | ParseException failure) {
            throw new RefusedException(Reason.PROVIDER, "the provider's user information cannot be read", failure);
        }
    }
}
