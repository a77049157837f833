package org.llmfactory.projects.store;

import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.projects.state.Rows;

/** The people, and what their identity provider said of them. */
public record UserTable(Handle handle) {
    List<User> all() {
        return handle.createQuery("SELECT id, email, name, role, added FROM users ORDER BY added, id")
                .map((row, context) -> new User(
                        row.getString("id"),
                        row.getString("email"),
                        row.getString("name"),
                        Words.read(OrganizationRole.class, row, "role"),
                        Words.instant(row, "added")))
                .list();
    }

    List<Rows.ProviderGroup> providerGroups() {
        return handle.createQuery("SELECT user_id, group_name FROM user_provider_groups")
                .map((row, context) -> new Rows.ProviderGroup(row.getString("user_id"), row.getString("group_name")))
                .list();
    }

    public void insert(User user) {
        handle.createUpdate(
                        "INSERT INTO users (id, email, name, role, added) VALUES (:id, :email, :name, :role, :added)")
                .bind("id", user.id())
                .bind("email", user.email())
                .bind("name", user.name())
                .bind("role", Words.of(user.role()))
                .bind("added", user.added().toEpochMilli())
                .execute();
    }

    public void rename(String id, String name) {
        handle.createUpdate("UPDATE users SET name = :name WHERE id = :id")
                .bind("id", id)
                .bind("name", name)
                .execute();
    }

    public void setRole(String id, OrganizationRole role) {
        handle.createUpdate("UPDATE users SET role = :role WHERE id = :id")
                .bind("id", id)
                .bind("role", Words.of(role))
                .execute();
    }

    public void delete(String id) {
        handle.createUpdate("DELETE FROM users WHERE id = :id").bind("id", id).execute();
    }

    /** From now on the identity provider says just this. */
    public void setProviderGroups(String id, Set<String> names) {
        handle.createUpdate("DELETE FROM user_provider_groups WHERE user_id = :id")
                .bind("id", id)
                .execute();
        for (String name : names) {
            handle.createUpdate("INSERT INTO user_provider_groups (user_id, group_name) VALUES (:id, :name)")
                    .bind("id", id)
                    .bind("name", name)
                    .execute();
        }
    }
}
