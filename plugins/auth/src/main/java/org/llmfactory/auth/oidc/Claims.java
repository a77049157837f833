package org.llmfactory.auth.oidc;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.llmfactory.auth.oidc.RefusedException.Reason;

/** What the provider says of somebody, in the ID token or else on request. */
final class Claims {
    private static final int LONGEST_NAME = 256;

    private final Map<String, Object> claims;

    /**
     * Claims from both places.
     *
     * @param signed those of the ID token, which prevail
     * @param more those that the provider told on request
     */
    Claims(Map<String, Object> signed, Map<String, Object> more) {
        this.claims = new HashMap<>(more);
        signed.forEach((name, content) -> {
            if (content != null) {
                claims.put(name, content);
            }
        });
    }

    /** The person, if the provider vouches for his address. */
    Identity identity(OpenIdConnect.Config config) throws RefusedException {
        String email = text(config.emailClaim());
        if (email == null || !email.contains("@")) {
            throw new RefusedException(Reason.PROVIDER, "the provider told no email address");
        }
        if (!config.emailVerifiedClaim().isBlank() && !isTrue(claims.get(config.emailVerifiedClaim()))) {
            throw new RefusedException(Reason.UNVERIFIED, "the provider has not verified the address");
        }
        String name = Objects.requireNonNullElse(text(config.nameClaim()), email);
        return new Identity(email, shortened(name), texts(claims.get(config.groupsClaim())));
    }

    private @Nullable String text(String name) {
        return claims.get(name) instanceof String text && !text.isBlank() ? text.strip() : null;
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }

    /** Some providers write truth as a text. */
    private static boolean isTrue(@Nullable Object claim) {
        return Boolean.TRUE.equals(claim) || "true".equals(claim);
    }

    private static Set<String> texts(@Nullable Object claim) {
        if (claim instanceof String one) {
            return Set.of(one);
        }
        return claim instanceof Collection<?> many
                ? many.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }
}
