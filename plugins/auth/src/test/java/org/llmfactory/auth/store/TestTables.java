package org.llmfactory.auth.store;

import java.nio.file.Path;
import java.util.List;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.database.testing.TemporaryDatabase;

/** The plugin's tables, empty, in a database that all tests share one after another: making one takes a second. */
public final class TestTables {
    private static final TemporaryDatabase DATABASE = new TemporaryDatabase();

    private final AuthTables tables;

    public TestTables(Path home) {
        this.tables = new AuthTables(DATABASE, new FolderHome(home));
        tables.jdbi()
                .useHandle(handle -> List.of("api_key_secret", "api_key", "password_hash", "browser_session")
                        .forEach(table -> handle.execute("DELETE FROM " + table)));
    }

    public AuthTables get() {
        return tables;
    }

    /** Everything that is stored in a table. */
    public String dump(String table) {
        return tables.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT * FROM " + table)
                        .mapToMap()
                        .list()
                        .toString());
    }
}
