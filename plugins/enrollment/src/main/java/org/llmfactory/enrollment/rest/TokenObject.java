package org.llmfactory.enrollment.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.enrollment.store.Token;

/**
 * A token on the wire. Times are seconds since 1970.
 *
 * @param state {@code open}, {@code used}, {@code revoked} or {@code expired}
 * @param agent the address of the agent that came in with it
 * @param token the token itself, in the answer to whoever made it only
 */
public record TokenObject(
        String object,
        String id,
        String kind,
        String tenant,
        @Nullable String name,
        String state,
        String createdBy,
        long createdAt,
        long expiresAt,
        @Nullable String agent,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String token) {
    static TokenObject of(Token token, Optional<String> text, Instant now) {
        return new TokenObject(
                "network.token",
                token.id(),
                token.kind().word(),
                token.tenant(),
                token.name().orElse(null),
                token.state(now),
                token.creator(),
                token.created().getEpochSecond(),
                token.expires().getEpochSecond(),
                token.usedBy().orElse(null),
                text.orElse(null));
    }

    /** Does not tell the token. */
    @Override
    public String toString() {
        return "TokenObject[" + id + "]";
    }
}
