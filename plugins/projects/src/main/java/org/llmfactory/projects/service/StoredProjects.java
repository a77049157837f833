package org.llmfactory.projects.service;

import java.util.Optional;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.Projects;
import org.llmfactory.projects.state.Project;
import org.llmfactory.projects.store.OrganizationStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** What projects have decided, from memory. */
@Component
public final class StoredProjects implements Projects {
    private final OrganizationStore organization;

    @Activate
    public StoredProjects(@Reference Tables tables) {
        this.organization = tables.organization();
    }

    @Override
    public Optional<ProjectSettings> settings(String project) {
        return organization.now().settings(project);
    }

    @Override
    public Optional<String> name(String project) {
        return organization.now().project(project).map(Project::name);
    }
}
