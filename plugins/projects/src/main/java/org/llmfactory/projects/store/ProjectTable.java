package org.llmfactory.projects.store;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.projects.state.Project;

/** The projects and what they have decided. */
public record ProjectTable(Handle handle) {
    List<Project> all() {
        return handle.createQuery("SELECT id, name, created, archived FROM projects ORDER BY created, id")
                .map((row, context) -> new Project(
                        row.getString("id"),
                        row.getString("name"),
                        Words.instant(row, "created"),
                        Words.optionalInstant(row, "archived")))
                .list();
    }

    Map<String, ProjectSettings> settings() {
        Map<String, ProjectSettings> settings = new HashMap<>();
        handle.createQuery("SELECT id, settings FROM projects WHERE settings IS NOT NULL")
                .map((row, context) -> SettingsDocument.read(row.getString("id"), row.getString("settings")))
                .forEach(read -> settings.put(read.project(), read));
        return settings;
    }

    public void insert(Project project) {
        handle.createUpdate("INSERT INTO projects (id, name, created) VALUES (:id, :name, :created)")
                .bind("id", project.id())
                .bind("name", project.name())
                .bind("created", project.created().toEpochMilli())
                .execute();
    }

    public void rename(String id, String name) {
        handle.createUpdate("UPDATE projects SET name = :name WHERE id = :id")
                .bind("id", id)
                .bind("name", name)
                .execute();
    }

    public void archive(String id, Instant when) {
        handle.createUpdate("UPDATE projects SET archived = :when WHERE id = :id")
                .bind("id", id)
                .bind("when", when.toEpochMilli())
                .execute();
    }

    public void decide(ProjectSettings settings) {
        handle.createUpdate("UPDATE projects SET settings = :settings WHERE id = :id")
                .bind("id", settings.project())
                .bind("settings", SettingsDocument.write(settings))
                .execute();
    }
}
