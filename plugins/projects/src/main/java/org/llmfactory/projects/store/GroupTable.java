package org.llmfactory.projects.store;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.state.Group;
import org.llmfactory.projects.state.Rows;

/** The groups, their people and their places in projects. */
public record GroupTable(Handle handle) {
    List<Group> all() {
        return handle.createQuery("SELECT id, name, role, created FROM user_groups ORDER BY created, id")
                .map((row, context) -> new Group(
                        row.getString("id"),
                        row.getString("name"),
                        Words.read(OrganizationRole.class, row, "role"),
                        Words.instant(row, "created")))
                .list();
    }

    List<Rows.GroupMember> members() {
        return handle.createQuery("SELECT group_id, user_id FROM user_group_members")
                .map((row, context) -> new Rows.GroupMember(row.getString("group_id"), row.getString("user_id")))
                .list();
    }

    List<Rows.GroupGrant> grants() {
        return places().all(Rows.GroupGrant::new);
    }

    public void insert(Group group) {
        handle.createUpdate("INSERT INTO user_groups (id, name, role, created) VALUES (:id, :name, :role, :created)")
                .bind("id", group.id())
                .bind("name", group.name())
                .bind("role", Words.of(group.role()))
                .bind("created", group.created().toEpochMilli())
                .execute();
    }

    public void rename(String id, String name) {
        handle.createUpdate("UPDATE user_groups SET name = :name WHERE id = :id")
                .bind("id", id)
                .bind("name", name)
                .execute();
    }

    public void setRole(String id, OrganizationRole role) {
        handle.createUpdate("UPDATE user_groups SET role = :role WHERE id = :id")
                .bind("id", id)
                .bind("role", Words.of(role))
                .execute();
    }

    public void delete(String id) {
        handle.createUpdate("DELETE FROM user_groups WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    public void addMember(String group, String user) {
        handle.createUpdate("INSERT INTO user_group_members (group_id, user_id) VALUES (:group, :user)")
                .bind("group", group)
                .bind("user", user)
                .execute();
    }

    public void removeMember(String group, String user) {
        handle.createUpdate("DELETE FROM user_group_members WHERE group_id = :group AND user_id = :user")
                .bind("group", group)
                .bind("user", user)
                .execute();
    }

    /** Gives a group a role in a project, in place of the one it may have. */
    public void setGrant(String project, String group, ProjectRole role, Instant added) {
        places().set(project, group, role, added);
    }

    public void removeGrant(String project, String group) {
        places().remove(project, group);
    }

    private PlaceTable places() {
        return new PlaceTable(handle, "project_groups", "group_id");
    }
}
