package org.llmfactory.database.internal;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Database;

/** A pool of connections, the migrations, and the news. */
public final class PooledDatabase implements Database, AutoCloseable {
    private final HikariDataSource pool;
    private final Product product;
    private final ChangeFeed changes = new LocalChanges();

    /** Opens a pool; the database must be there, or be one that is made on first use. */
    public PooledDatabase(String url, String user, String password, int connections) {
        this.product = Product.of(url);
        HikariConfig config = new HikariConfig();
        config.setPoolName("llmfactory");
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(connections);
        this.pool = new HikariDataSource(config);
    }

    /** The pool itself. */
    public DataSource dataSource() {
        return pool;
    }

    @Override
    public synchronized Jdbi open(String plugin, Class<?> owner) {
        try {
            Flyway.configure(owner.getClassLoader())
                    .dataSource(pool)
                    .locations("classpath:db/migration/" + plugin)
                    .table("schema_history_" + plugin)
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .placeholders(product.placeholders())
                    .load()
                    .migrate();
        } catch (FlywayException failure) {
            throw new FactoryException(
                    ErrorCode.INTERNAL, "The tables of '" + plugin + "' cannot be brought up to date.", failure);
        }
        return Jdbi.create(pool);
    }

    @Override
    public ChangeFeed changes() {
        return changes;
    }

    @Override
    public void close() {
        pool.close();
    }
}
