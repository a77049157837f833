package org.llmfactory.projects.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.api.project.Preset;

/** The presets and their versions. */
public record PresetTable(Handle handle) {
    /** Every version, oldest first. */
    List<Preset> all() {
        return handle.createQuery("SELECT p.id, p.project_id, p.owner_id, p.name, p.visibility,"
                        + " v.version, v.base, v.document, v.created"
                        + " FROM presets p JOIN preset_versions v ON v.preset_id = p.id"
                        + " ORDER BY v.created, p.id, v.version")
                .map((row, context) -> preset(row))
                .list();
    }

    private static Preset preset(ResultSet row) throws SQLException {
        PresetDocument document = PresetDocument.read(row.getString("id"), row.getString("document"));
        return new Preset(
                row.getString("id"),
                row.getString("project_id"),
                row.getString("owner_id"),
                Words.read(Visibility.class, row, "visibility"),
                row.getString("name"),
                row.getInt("version"),
                row.getString("base"),
                document.parts(),
                Optional.ofNullable(document.system()),
                document.parameters(),
                Words.instant(row, "created"));
    }

    /** Whether a project has a preset of that name, anybody's. */
    public boolean taken(String project, String name) {
        return handle.createQuery("SELECT COUNT(*) FROM presets WHERE project_id = :project AND name = :name")
                        .bind("project", project)
                        .bind("name", name)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /** The newest version's number; 0 when there is no such preset. */
    public int newest(String id) {
        return handle.createQuery("SELECT COALESCE(MAX(version), 0) FROM preset_versions WHERE preset_id = :id")
                .bind("id", id)
                .mapTo(Integer.class)
                .one();
    }

    /** A preset and its first version. */
    public void insert(Preset preset) {
        handle.createUpdate("INSERT INTO presets (id, project_id, owner_id, name, visibility)"
                        + " VALUES (:id, :project, :owner, :name, :visibility)")
                .bind("id", preset.id())
                .bind("project", preset.project())
                .bind("owner", preset.owner())
                .bind("name", preset.name())
                .bind("visibility", Words.of(preset.visibility()))
                .execute();
        insertVersion(preset);
    }

    /** One more version of a preset. */
    public void insertVersion(Preset preset) {
        handle.createUpdate("INSERT INTO preset_versions (preset_id, version, base, document, created)"
                        + " VALUES (:id, :version, :base, :document, :created)")
                .bind("id", preset.id())
                .bind("version", preset.version())
                .bind("base", preset.base())
                .bind("document", PresetDocument.write(preset))
                .bind("created", preset.created().toEpochMilli())
                .execute();
    }

    public void show(String id, Visibility visibility) {
        handle.createUpdate("UPDATE presets SET visibility = :visibility WHERE id = :id")
                .bind("id", id)
                .bind("visibility", Words.of(visibility))
                .execute();
    }

    /** Removes a preset with all its versions; false when there was none. */
    public boolean delete(String id) {
        return handle.createUpdate("DELETE FROM presets WHERE id = :id")
                        .bind("id", id)
                        .execute()
                > 0;
    }
}
