package org.llmfactory.api.identity;

import java.time.Instant;
import java.util.Objects;

/**
 * A person.
 *
 * @param id {@code user-…}
 * @param email lower case; unique
 * @param name for people to read
 * @param role his role in the organization
 * @param added when he came
 */
public record User(String id, String email, String name, OrganizationRole role, Instant added) {
    public User {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(email, "email");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(added, "added");
    }
}
