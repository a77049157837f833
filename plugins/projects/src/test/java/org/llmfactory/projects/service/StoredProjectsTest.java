package org.llmfactory.projects.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.Projects;
import org.llmfactory.api.project.testing.ProjectsContract;

final class StoredProjectsTest extends ProjectsContract {
    private final Platform platform = new Platform();
    private final StoredProjects projects = new StoredProjects(platform.tables);

    @AfterEach
    void close() {
        platform.close();
    }

    @Override
    protected Projects projects() {
        return projects;
    }

    @Override
    protected void decide(ProjectSettings settings) {
        platform.change((change, now) -> change.projects().decide(settings));
    }

    @Test
    void anArchivedProjectKeepsItsNameAlone() {
        platform.project("proj_x");
        assertThat(projects.settings("proj_x")).contains(ProjectSettings.defaults("proj_x"));

        platform.change((change, now) -> change.projects().archive("proj_x", Instant.now()));

        assertThat(projects.settings("proj_x")).isEmpty();
        assertThat(projects.name("proj_x")).contains("Project proj_x");
    }
}
