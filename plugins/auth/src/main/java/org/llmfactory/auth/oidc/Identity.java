package org.llmfactory.auth.oidc;

import java.util.Objects;
import java.util.Set;

/**
 * Somebody as the provider vouches for him.
 *
 * @param email verified by the provider
 * @param name for people to read
 * @param groups names of the groups the provider counts him to
 */
public record Identity(String email, String name, Set<String> groups) {
    public Identity {
        Objects.requireNonNull(email, "email");
        Objects.requireNonNull(name, "name");
        groups = Set.copyOf(groups);
    }
}
