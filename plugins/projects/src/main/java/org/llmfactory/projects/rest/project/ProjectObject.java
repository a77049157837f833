package org.llmfactory.projects.rest.project;

import org.jspecify.annotations.Nullable;
import org.llmfactory.projects.rest.Seconds;
import org.llmfactory.projects.state.Project;

/** A project as OpenAI shows it. */
public record ProjectObject(
        String object,
        String id,
        String name,
        long createdAt,
        @Nullable Long archivedAt,
        String status) {
    static ProjectObject of(Project project) {
        return new ProjectObject(
                "organization.project",
                project.id(),
                project.name(),
                Seconds.of(project.created()),
                Seconds.of(project.archived()),
                project.active() ? "active" : "archived");
    }
}
