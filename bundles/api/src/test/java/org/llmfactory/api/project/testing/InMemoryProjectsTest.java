package org.llmfactory.api.project.testing;

import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.Projects;

final class InMemoryProjectsTest extends ProjectsContract {
    private final InMemoryProjects projects = new InMemoryProjects();

    @Override
    protected Projects projects() {
        return projects;
    }

    @Override
    protected void decide(ProjectSettings settings) {
        projects.put(settings);
    }
}
