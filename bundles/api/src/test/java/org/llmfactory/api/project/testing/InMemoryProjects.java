package org.llmfactory.api.project.testing;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.Projects;

/** Settings in a map; the default project is always there. */
public final class InMemoryProjects implements Projects {
    private final Map<String, ProjectSettings> projects = new ConcurrentHashMap<>();

    public InMemoryProjects() {
        put(ProjectSettings.defaults(Caller.DEFAULT_PROJECT));
    }

    /** These settings are in force from now on. */
    public InMemoryProjects put(ProjectSettings settings) {
        projects.put(settings.project(), settings);
        return this;
    }

    @Override
    public Optional<ProjectSettings> settings(String project) {
        return Optional.ofNullable(projects.get(project));
    }

    @Override
    public Optional<String> name(String project) {
        return settings(project).map(ProjectSettings::project);
    }
}
