package org.llmfactory.api.identity;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who belongs to the organization and to which projects. Answers come from memory: asked on every request. OSGi service;
 * safe for use by several threads.
 */
@ProviderType
public interface Directory {
    Optional<User> user(String id);

    /** A person by his address, in any case. */
    Optional<User> userByEmail(String email);

    /**
     * Roles of a user or service account, by project, those that come from groups included; archived projects are left
     * out. Empty for a principal that is unknown or was removed.
     */
    Map<String, ProjectRole> memberships(String principal);

    /**
     * A person whom a trusted identity provider vouches for: added when new and invited, or when newcomers are let in;
     * his name brought up to date, open invitations of his address accepted, and his provider's groups set.
     *
     * @param email verified by the provider
     * @param groups names as the provider states them; those without a group of that name here are ignored
     * @throws org.llmfactory.api.error.FactoryException {@code PERMISSION_DENIED} when he is not invited and newcomers are
     *     not let in
     */
    User signedIn(String email, String name, Set<String> groups);

    /**
     * Accepts an invitation.
     *
     * @param token the secret part of its link
     * @throws org.llmfactory.api.error.FactoryException {@code NOT_FOUND} for a token that is wrong, used or expired
     */
    User accept(String token, String name);
}
