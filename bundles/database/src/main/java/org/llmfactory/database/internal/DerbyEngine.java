package org.llmfactory.database.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded database engine: its settings, which it reads once in a process, and the way into its databases. A database
 * is named by its folder, or is one in memory ({@code memory:name}).
 */
final class DerbyEngine {
    private static final Logger LOG = LoggerFactory.getLogger(DerbyEngine.class);
    private static final String PREFIX = "jdbc:derby:";
    private static final String IN_MEMORY = "memory:";
    /** How the engine says that a database has been shut down or dropped. */
    private static final String CLOSED = "08006";

    private static final Map<String, String> SETTINGS = Map.of(
            "derby.stream.error.field", DerbyLog.class.getName() + ".WRITER",
            // Seconds. The engine's own are 20 and 60, longer than a request waits.
            "derby.locks.deadlockTimeout", "2",
            "derby.locks.waitTimeout", "10",
            // Pages of 4 KiB, of 32 KiB in tables with long columns.
            "derby.storage.pageCacheSize", "2000",
            "derby.language.statementCacheSize", "400");

    private DerbyEngine() {}

    /** Connections to a database, which is made when it is not there. */
    static DataSource database(String name) {
        SETTINGS.forEach((key, setting) -> {
            if (System.getProperty(key) == null) {
                System.setProperty(key, setting);
            }
        });
        EmbeddedDataSource database = new EmbeddedDataSource();
        database.setDatabaseName(name);
        database.setCreateDatabase("create");
        return database;
    }

    /**
     * The name in a JDBC URL.
     *
     * @throws IllegalArgumentException for attributes, which this class sets itself, and for a database of a server
     */
    static String name(String url) {
        String name = url.substring(PREFIX.length());
        if (name.isEmpty() || name.startsWith("//") || name.contains(";")) {
            throw new IllegalArgumentException(
                    "The database URL of Derby must be jdbc:derby:<folder>, without a server and without attributes.");
        }
        return name;
    }

    /** Writes what is in memory and lets go of the files; a database in memory is gone. */
    static void shutDown(String name) {
        EmbeddedDataSource database = new EmbeddedDataSource();
        database.setDatabaseName(name);
        if (name.startsWith(IN_MEMORY)) {
            database.setConnectionAttributes("drop=true");
        } else {
            database.setShutdownDatabase("shutdown");
        }
        try (Connection connection = database.getConnection()) {
            LOG.warn("The database {} was not shut down; what was committed is safe", connection);
        } catch (SQLException answer) {
            if (!CLOSED.equals(answer.getSQLState())) {
                LOG.warn("The database was not shut down in order; what was committed is safe", answer);
            }
        }
    }
}
