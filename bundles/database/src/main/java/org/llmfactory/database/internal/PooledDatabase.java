package org.llmfactory.database.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;

/** A pool of connections, the migrations, and the news. */
public final class PooledDatabase implements Database, AutoCloseable {
    /** How long a connection taken from the pool may need to show that it is alive. */
    private static final Duration VALIDATION = Duration.ofSeconds(5);

    /**
     * How many connections there may be, and how long one may be waited for.
     *
     * @param connections at most
     * @param timeout for a free connection, and for the first one
     */
    public record Limits(int connections, Duration timeout) {
        /** Enough for one agent. */
        public static final Limits DEFAULT = new Limits(16, Duration.ofSeconds(10));

        public Limits {
            if (connections < 2 || connections > 1000) {
                throw new IllegalArgumentException("connections must be between 2 and 1000.");
            }
            if (timeout.toMillis() < 250 || timeout.compareTo(Duration.ofMinutes(10)) > 0) {
                throw new IllegalArgumentException("connectionTimeoutSeconds must be between 1 and 600.");
            }
        }
    }

    private final HikariDataSource pool;
    private final Migrations migrations;
    private final ChangeFeed changes;
    private final Runnable afterwards;

    private PooledDatabase(HikariDataSource pool, Migrations migrations, ChangeFeed changes, Runnable afterwards) {
        this.pool = pool;
        this.migrations = migrations;
        this.changes = changes;
        this.afterwards = afterwards;
    }

    /**
     * Opens a database of the embedded engine, which is made when it is not there.
     *
     * @param name its folder, or {@code memory:name}
     */
    public static PooledDatabase derby(String name, Limits limits) {
        HikariDataSource pool = pool(DerbyEngine.database(name), limits, "");
        Migrations migrations = new Migrations(pool, Product.DERBY, Turns.ALONE);
        return new PooledDatabase(pool, migrations, new LocalChanges(), () -> DerbyEngine.shutDown(name));
    }

    /**
     * Opens a database of a PostgreSQL server.
     *
     * @param server makes connections of its own
     * @throws SQLException when it cannot be reached
     */
    public static PooledDatabase postgresql(DataSource server, Limits limits) throws SQLException {
        HikariDataSource pool = pool(server, limits, "SET lock_timeout = '10s'");
        try {
            SharedChanges changes = SharedChanges.open(pool, server);
            Migrations migrations = new Migrations(pool, Product.POSTGRESQL, Turns.on(server));
            return new PooledDatabase(pool, migrations, changes, changes::close);
        } catch (SQLException e) {
            pool.close();
            throw e;
        }
    }

    private static HikariDataSource pool(DataSource source, Limits limits, String setUp) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("llmfactory");
        config.setDataSource(source);
        config.setMaximumPoolSize(limits.connections());
        config.setMinimumIdle(2);
        config.setConnectionTimeout(limits.timeout().toMillis());
        config.setInitializationFailTimeout(limits.timeout().toMillis());
        config.setValidationTimeout(
                Math.min(VALIDATION.toMillis(), limits.timeout().toMillis()));
        if (!setUp.isEmpty()) {
            config.setConnectionInitSql(setUp);
        }
        return new HikariDataSource(config);
    }

    /** The pool itself. */
    public DataSource dataSource() {
        return pool;
    }

    @Override
    public synchronized Jdbi open(String plugin, Class<?> owner) {
        migrations.run(plugin, owner);
        return Jdbi.create(pool);
    }

    @Override
    public ChangeFeed changes() {
        return changes;
    }

    @Override
    public void close() {
        pool.close();
        afterwards.run();
    }
}
