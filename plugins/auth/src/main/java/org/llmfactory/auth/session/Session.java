package org.llmfactory.auth.session;

import java.time.Instant;
import java.util.Objects;
import org.llmfactory.api.identity.OrganizationRole;

/**
 * A signed-in browser, without its secret.
 *
 * @param digest the keyed hash of the cookie
 * @param principal whose it is
 * @param role his role in the organization when he signed in
 * @param seen when it was used last, to about a minute
 * @param ends when it ends at the latest
 */
public record Session(String digest, String principal, OrganizationRole role, Instant seen, Instant ends) {
    public Session {
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(principal, "principal");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(seen, "seen");
        Objects.requireNonNull(ends, "ends");
    }
}
