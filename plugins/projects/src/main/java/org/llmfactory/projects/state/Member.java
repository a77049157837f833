package org.llmfactory.projects.state;

import java.time.Instant;
import java.util.Objects;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;

/**
 * A person in a project.
 *
 * @param role the strongest he has, groups included
 * @param direct whether he is there of his own; otherwise through groups alone
 * @param added when he, or the first of his groups, came
 */
public record Member(User user, ProjectRole role, boolean direct, Instant added) {
    public Member {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(added, "added");
    }
}
