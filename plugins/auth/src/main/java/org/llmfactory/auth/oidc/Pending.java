package org.llmfactory.auth.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** Sign-ins that were begun and may come back: each once, within ten minutes, to the browser it was begun in. */
final class Pending {
    private static final int MOST = 10_000;
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Cache<String, Begun> begun =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(LONGEST).build();

    /**
     * A sign-in that was begun.
     *
     * @param browser what only the browser it was begun in knows
     * @param nonce what the ID token must repeat
     * @param verifier what proves to the provider that the code is ours
     * @param redirect where the provider sends the browser back to
     * @param next where to go afterwards
     */
    record Begun(String browser, Nonce nonce, CodeVerifier verifier, URI redirect, String next) {
        Begun {
            Objects.requireNonNull(browser, "browser");
            Objects.requireNonNull(nonce, "nonce");
            Objects.requireNonNull(verifier, "verifier");
            Objects.requireNonNull(redirect, "redirect");
            Objects.requireNonNull(next, "next");
        }

        /** Says nothing of what it holds. */
        @Override
        public String toString() {
            return "Begun[" + next + "]";
        }
    }

    void put(String state, Begun signIn) {
        begun.put(state, signIn);
    }

    /** The sign-in of a state, which is good for one time only. */
    Optional<Begun> take(String state) {
        return Optional.ofNullable(begun.asMap().remove(state));
    }
}
