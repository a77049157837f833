package org.llmfactory.projects.state;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A project.
 *
 * @param id {@code proj_…}
 * @param archived when it was archived; for good
 */
public record Project(String id, String name, Instant created, Optional<Instant> archived) {
    public Project {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(archived, "archived");
    }

    public boolean active() {
        return archived.isEmpty();
    }
}
