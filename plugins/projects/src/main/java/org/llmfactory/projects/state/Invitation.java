package org.llmfactory.projects.state;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;

/**
 * An invitation, without the secret of its link.
 *
 * @param id {@code invite-…}
 * @param email whom it is for, lower case
 * @param projects what he will be in which project
 */
public record Invitation(
        String id,
        String email,
        OrganizationRole role,
        Map<String, ProjectRole> projects,
        Instant created,
        Instant expires,
        Optional<Instant> accepted) {
    public Invitation {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(email, "email");
        Objects.requireNonNull(role, "role");
        projects = Map.copyOf(projects);
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(expires, "expires");
        Objects.requireNonNull(accepted, "accepted");
    }

    /** Whether it can still be accepted. */
    public boolean open(Instant now) {
        return accepted.isEmpty() && now.isBefore(expires);
    }
}
