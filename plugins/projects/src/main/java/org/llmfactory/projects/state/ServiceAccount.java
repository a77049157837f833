package org.llmfactory.projects.state;

import java.time.Instant;
import java.util.Objects;
import org.llmfactory.api.identity.ProjectRole;

/**
 * A program that belongs to a project.
 *
 * @param id {@code svc_acct_…}
 */
public record ServiceAccount(String id, String project, String name, ProjectRole role, Instant created) {
    public ServiceAccount {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(created, "created");
    }
}
