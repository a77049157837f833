package org.llmfactory.api.identity;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An API key, without its secret.
 *
 * @param id {@code key_…}
 * @param kind what it is for
 * @param name what its owner calls it
 * @param redacted its beginning and end, for people to recognise it
 * @param owner id of the user or service account whose rights it lends; {@code admin} for the platform
 * @param project the project it works in; empty for an administrator's key
 * @param scope what it narrows its owner's rights to
 * @param created when it was issued
 * @param expires when it stops working by itself
 * @param lastUsed when it was used last, to about a minute
 */
public record ApiKey(
        String id,
        Kind kind,
        String name,
        String redacted,
        String owner,
        Optional<String> project,
        KeyScope scope,
        Instant created,
        Optional<Instant> expires,
        Optional<Instant> lastUsed) {
    /** Sorts of keys; each begins with its prefix. */
    public enum Kind {
        /** Administers the organization, and does nothing else. */
        ADMIN("sk-admin-"),
        /** Of a user, in one project. */
        USER("sk-proj-"),
        /** Of a service account, in its project. */
        SERVICE_ACCOUNT("sk-svcacct-"),
        /** For pages that anyone can read: bound to origins, and good for short tokens only. */
        PUBLISHABLE("pk-");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }

        public String prefix() {
            return prefix;
        }
    }

    public ApiKey {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(redacted, "redacted");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(expires, "expires");
        Objects.requireNonNull(lastUsed, "lastUsed");
    }

    /** The same key, used last at that time. */
    public ApiKey usedAt(Instant time) {
        return new ApiKey(id, kind, name, redacted, owner, project, scope, created, expires, Optional.of(time));
    }
}
