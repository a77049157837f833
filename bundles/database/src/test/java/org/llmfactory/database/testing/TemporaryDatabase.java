package org.llmfactory.database.testing;

import java.nio.file.Path;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;
import org.llmfactory.database.internal.PooledDatabase;

/** A Derby database in memory, gone when it is closed, or in a folder of the test, where it stays. */
public final class TemporaryDatabase implements Database, AutoCloseable {
    private final PooledDatabase database;

    /** A database in memory. */
    public TemporaryDatabase() {
        this("memory:" + UUID.randomUUID());
    }

    /** A database in a folder, which is made when it is not there. */
    public TemporaryDatabase(Path folder) {
        this(folder.toString());
    }

    private TemporaryDatabase(String name) {
        database = PooledDatabase.derby(name, PooledDatabase.Limits.DEFAULT);
    }

    @Override
    public Jdbi open(String plugin, Class<?> owner) {
        return database.open(plugin, owner);
    }

    @Override
    public ChangeFeed changes() {
        return database.changes();
    }

    /** The pool itself. */
    public DataSource dataSource() {
        return database.dataSource();
    }

    @Override
    public void close() {
        database.close();
    }
}
