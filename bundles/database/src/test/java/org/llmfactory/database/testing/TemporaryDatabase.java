package org.llmfactory.database.testing;

import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;
import org.llmfactory.database.internal.PooledDatabase;

/** A Derby database in memory, gone when it is closed. */
public final class TemporaryDatabase implements Database, AutoCloseable {
    private final PooledDatabase database =
            new PooledDatabase("jdbc:derby:memory:" + UUID.randomUUID() + ";create=true", "app", "", 8);

    @Override
    public Jdbi open(String plugin, Class<?> owner) {
        return database.open(plugin, owner);
    }

    @Override
    public ChangeFeed changes() {
        return database.changes();
    }

    @Override
    public void close() {
        database.close();
    }
}
