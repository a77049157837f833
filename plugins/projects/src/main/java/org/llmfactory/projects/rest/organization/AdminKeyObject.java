package org.llmfactory.projects.rest.organization;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.User;
import org.llmfactory.projects.rest.Seconds;
import org.llmfactory.projects.state.Organization;

/**
 * An administrator's key as OpenAI shows it.
 *
 * @param value the secret, told once to whoever made it
 */
public record AdminKeyObject(
        String object,
        String id,
        String name,
        String redactedValue,
        long createdAt,
        @Nullable Long expiresAt,
        @Nullable Long lastUsedAt,
        Owner owner,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String value) {
    /** Whose rights it lends. */
    public record Owner(String type, String object, String id, String name, long createdAt, String role) {}

    static AdminKeyObject of(Organization now, ApiKey key, Optional<String> value) {
        Optional<User> owner = now.user(key.owner());
        return new AdminKeyObject(
                "organization.admin_api_key",
                key.id(),
                key.name(),
                key.redacted(),
                Seconds.of(key.created()),
                Seconds.of(key.expires()),
                Seconds.of(key.lastUsed()),
                new Owner(
                        "user",
                        "organization.user",
                        key.owner(),
                        owner.map(User::name).orElse(key.owner()),
                        Seconds.of(owner.map(User::added).orElse(key.created())),
                        "owner"),
                value.orElse(null));
    }

    /** Does not tell the secret. */
    @Override
    public String toString() {
        return "AdminKeyObject[" + id + "]";
    }
}
