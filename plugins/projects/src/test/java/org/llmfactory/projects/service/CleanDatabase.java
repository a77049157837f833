package org.llmfactory.projects.service;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.TemporaryDatabase;

/**
 * A database as good as new. Making one takes seconds, so all tests of this JVM, which run one after the other, take
 * turns with one and leave it as the migrations made it.
 */
final class CleanDatabase implements Database, AutoCloseable {
    private static final TemporaryDatabase SHARED = new TemporaryDatabase();
    private static final Jdbi TABLES = SHARED.open("projects", Tables.class);

    @Override
    public Jdbi open(String plugin, Class<?> owner) {
        return TABLES;
    }

    @Override
    public ChangeFeed changes() {
        return SHARED.changes();
    }

    @Override
    public void close() {
        TABLES.useTransaction(CleanDatabase::clean);
    }

    private static void clean(Handle handle) {
        for (String table : List.of(
                "preset_versions",
                "presets",
                "invitation_projects",
                "invitations",
                "service_accounts",
                "project_groups",
                "project_members",
                "user_group_members",
                "user_groups",
                "user_provider_groups",
                "users")) {
            handle.execute("DELETE FROM " + table);
        }
        handle.execute("DELETE FROM projects WHERE id <> 'proj_default'");
        handle.execute("UPDATE projects SET name = 'Default project', archived = NULL, settings = NULL");
        handle.execute("UPDATE project_revisions SET revision = revision + 1");
    }
}
