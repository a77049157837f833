package org.llmfactory.projects.store;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.state.ServiceAccount;

/** The service accounts. */
public record ServiceAccountTable(Handle handle) {
    List<ServiceAccount> all() {
        return handle.createQuery(
                        "SELECT id, project_id, name, role, created FROM service_accounts ORDER BY created, id")
                .map((row, context) -> new ServiceAccount(
                        row.getString("id"),
                        row.getString("project_id"),
                        row.getString("name"),
                        Words.read(ProjectRole.class, row, "role"),
                        Words.instant(row, "created")))
                .list();
    }

    public void insert(ServiceAccount account) {
        handle.createUpdate("INSERT INTO service_accounts (id, project_id, name, role, created)"
                        + " VALUES (:id, :project, :name, :role, :created)")
                .bind("id", account.id())
                .bind("project", account.project())
                .bind("name", account.name())
                .bind("role", Words.of(account.role()))
                .bind("created", account.created().toEpochMilli())
                .execute();
    }

    /** Name and role as they are now. */
    public void update(ServiceAccount account) {
        handle.createUpdate("UPDATE service_accounts SET name = :name, role = :role WHERE id = :id")
                .bind("id", account.id())
                .bind("name", account.name())
                .bind("role", Words.of(account.role()))
                .execute();
    }

    public void delete(String id) {
        handle.createUpdate("DELETE FROM service_accounts WHERE id = :id")
                .bind("id", id)
                .execute();
    }
}
