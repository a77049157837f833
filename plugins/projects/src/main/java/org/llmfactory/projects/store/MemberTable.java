package org.llmfactory.projects.store;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.state.Rows;

/** Places of people in projects. */
public record MemberTable(Handle handle) {
    List<Rows.Membership> all() {
        return handle.createQuery(
                        "SELECT project_id, user_id, role, added FROM project_members ORDER BY added, user_id")
                .map((row, context) -> new Rows.Membership(
                        row.getString("project_id"),
                        row.getString("user_id"),
                        Words.read(ProjectRole.class, row, "role"),
                        Words.instant(row, "added")))
                .list();
    }

    /** Gives a person a role in a project, in place of the one he may have. */
    public void set(String project, String user, ProjectRole role, Instant added) {
        int changed = handle.createUpdate(
                        "UPDATE project_members SET role = :role WHERE project_id = :project AND user_id = :user")
                .bind("role", Words.of(role))
                .bind("project", project)
                .bind("user", user)
                .execute();
        if (changed == 0) {
            handle.createUpdate("INSERT INTO project_members (project_id, user_id, role, added)"
                            + " VALUES (:project, :user, :role, :added)")
                    .bind("project", project)
                    .bind("user", user)
                    .bind("role", Words.of(role))
                    .bind("added", added.toEpochMilli())
                    .execute();
        }
    }

    public void remove(String project, String user) {
        handle.createUpdate("DELETE FROM project_members WHERE project_id = :project AND user_id = :user")
                .bind("project", project)
                .bind("user", user)
                .execute();
    }
}
