package org.llmfactory.projects.store;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.llmfactory.api.identity.ProjectRole;

/**
 * Who has which role in which project. The tables for people and for groups differ in their names only.
 *
 * @param table the name of the table
 * @param holder the name of the column with the person or group
 */
record PlaceTable(Handle handle, String table, String holder) {
    /** Makes a row into what it stands for. */
    interface Reader<T> {
        T read(String project, String holder, ProjectRole role, Instant added);
    }

    /** All places, oldest first. */
    <T> List<T> all(Reader<T> reader) {
        return named(handle.createQuery(
                        "SELECT project_id, <holder>, role, added FROM <table> ORDER BY added, <holder>"))
                .map((row, context) -> reader.read(
                        row.getString("project_id"),
                        row.getString(holder),
                        Words.read(ProjectRole.class, row, "role"),
                        Words.instant(row, "added")))
                .list();
    }

    /** Gives somebody a role in a project, in place of the one he may have. */
    void set(String project, String id, ProjectRole role, Instant added) {
        int changed = named(handle.createUpdate(
                        "UPDATE <table> SET role = :role WHERE project_id = :project AND <holder> = :id"))
                .bind("role", Words.of(role))
                .bind("project", project)
                .bind("id", id)
                .execute();
        if (changed == 0) {
            named(handle.createUpdate("INSERT INTO <table> (project_id, <holder>, role, added)"
                            + " VALUES (:project, :id, :role, :added)"))
                    .bind("project", project)
                    .bind("id", id)
                    .bind("role", Words.of(role))
                    .bind("added", added.toEpochMilli())
                    .execute();
        }
    }

    void remove(String project, String id) {
        named(handle.createUpdate("DELETE FROM <table> WHERE project_id = :project AND <holder> = :id"))
                .bind("project", project)
                .bind("id", id)
                .execute();
    }

    private <S extends SqlStatement<S>> S named(S statement) {
        return statement.define("table", table).define("holder", holder);
    }
}
