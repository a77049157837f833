package org.llmfactory.database.testing;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;
import org.llmfactory.database.internal.PooledDatabase;

/**
 * A PostgreSQL database for tests, empty at first. A module that uses it has {@code org.postgresql:postgresql} among its
 * test dependencies.
 */
public final class PostgresDatabase implements Database, AutoCloseable {
    private static final PooledDatabase.Limits LIMITS = new PooledDatabase.Limits(8, Duration.ofSeconds(10));

    private final PostgresServer server;
    private final String name;
    private final PooledDatabase database;

    /** A new database on the server that the tests of this JVM share. */
    public PostgresDatabase() {
        this(PostgresServer.shared());
    }

    /** A new database on a server of the test's own. */
    public PostgresDatabase(PostgresServer server) {
        this(server, server.newDatabase());
    }

    private PostgresDatabase(PostgresServer server, String name) {
        this.server = server;
        this.name = name;
        try {
            this.database = PooledDatabase.postgresql(server.dataSource(name), LIMITS);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same database, as another agent opens it. */
    public PostgresDatabase ofAnotherAgent() {
        return new PostgresDatabase(server, name);
    }

    @Override
    public Jdbi open(String plugin, Class<?> owner) {
        return database.open(plugin, owner);
    }

    @Override
    public ChangeFeed changes() {
        return database.changes();
    }

    /** Connections without a pool. */
    public DataSource server() {
        return server.dataSource(name);
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
