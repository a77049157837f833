package org.llmfactory.api.identity;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.llmfactory.api.ledger.Actor;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Issues and revokes API keys. Rights are the caller's business: whoever calls has asked the access policy. OSGi service;
 * safe for use by several threads. What a method has returned from is durable, entered in the audit log, and in force on
 * every agent at once.
 */
@ProviderType
public interface ApiKeys {
    /**
     * A key to be made.
     *
     * @param name 1 to 256 characters
     * @param owner id of the user or service account, or {@code admin}
     * @param project as {@link ApiKey#project()}
     * @param expires as {@link ApiKey#expires()}
     */
    record Order(
            ApiKey.Kind kind,
            String name,
            String owner,
            Optional<String> project,
            KeyScope scope,
            Optional<Instant> expires) {
        public Order {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(owner, "owner");
            Objects.requireNonNull(project, "project");
            Objects.requireNonNull(scope, "scope");
            Objects.requireNonNull(expires, "expires");
        }
    }

    /**
     * A key with its secret, which is told this once and stored nowhere.
     *
     * @param value the key itself
     */
    record Issued(ApiKey key, String value) {
        public Issued {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(value, "value");
        }

        /** Does not tell the secret. */
        @Override
        public String toString() {
            return "Issued[" + key.id() + "]";
        }
    }

    /**
     * Makes a key.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_VALUE} for a name, network, origin or expiry that
     *     cannot be
     */
    Issued issue(Order order, Actor actor);

    /** A key that has not been revoked. */
    Optional<ApiKey> find(String id);

    /** Keys of a project, or without one the administrators' keys; oldest first, without the revoked ones. */
    List<ApiKey> list(Optional<String> project);

    /**
     * A new secret for a key: same id, same scope. The old secret works on for {@code overlap}.
     *
     * @param overlap zero to 30 days
     * @return empty when there is no such key
     */
    Optional<Issued> rotate(String id, Duration overlap, Actor actor);

    /** Revokes a key; false when there was none. */
    boolean revoke(String id, Actor actor);

    /** Revokes every key of an owner, in one project or everywhere, and ends his browser sessions when everywhere. */
    void revokeAll(String owner, Optional<String> project, Actor actor);

    /** Revokes every key of a project. */
    void revokeProject(String project, Actor actor);
}
