package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.identity.ApiKey;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Seconds;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.ServiceAccount;

/**
 * A key of a project as OpenAI shows it.
 *
 * @param ownerProjectAccess whether its owner still belongs to the project
 * @param kind our extension, as those below: {@code user}, {@code service_account} or {@code publishable}
 * @param value the secret, told once to whoever made or rotated the key
 */
public record ProjectKeyObject(
        String object,
        String id,
        String name,
        String redactedValue,
        long createdAt,
        @Nullable Long lastUsedAt,
        String ownerProjectAccess,
        Owner owner,
        String kind,
        @Nullable Long expiresAt,
        ScopeObject scope,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String value) {
    /** Whose rights it lends: a person's or a service account's. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Owner(
            String type, @Nullable Person user, @Nullable Account serviceAccount) {}

    /** A person who owns a key. */
    public record Person(String id, String email, String name, long createdAt, String role) {}

    /** A service account that owns a key. */
    public record Account(String id, String name, long createdAt, String role) {}

    static ProjectKeyObject of(Organization now, ApiKey key, Optional<String> value) {
        String project = key.project().orElseThrow();
        boolean platform = key.owner().equals(Caller.platform().id());
        boolean active = platform || now.places().roles(key.owner()).containsKey(project);
        return new ProjectKeyObject(
                "organization.project.api_key",
                key.id(),
                key.name(),
                key.redacted(),
                Seconds.of(key.created()),
                Seconds.of(key.lastUsed()),
                active ? "active" : "inactive",
                owner(now, key, project),
                Inputs.word(key.kind()),
                Seconds.of(key.expires()),
                ScopeObject.of(key.scope()),
                value.orElse(null));
    }

    private static Owner owner(Organization now, ApiKey key, String project) {
        Optional<ServiceAccount> account = now.serviceAccount(key.owner());
        if (account.isPresent()) {
            return new Owner(
                    "service_account",
                    null,
                    new Account(
                            account.get().id(),
                            account.get().name(),
                            Seconds.of(account.get().created()),
                            Inputs.word(account.get().role())));
        }
        Optional<User> user = now.user(key.owner());
        ProjectRole role = now.places().roles(key.owner()).getOrDefault(project, ProjectRole.OWNER);
        Person person = new Person(
                key.owner(),
                user.map(User::email).orElse(""),
                user.map(User::name).orElse(key.owner()),
                Seconds.of(user.map(User::added).orElse(key.created())),
                Inputs.word(role));
        return new Owner("user", person, null);
    }

    /** Does not tell the secret. */
    @Override
    public String toString() {
        return "ProjectKeyObject[" + id + "]";
    }
}
