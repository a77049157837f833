package org.llmfactory.database.internal;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Lets one agent at a time, of all that share a database, do what only one may do. */
@FunctionalInterface
interface Turns {
    /** A database whose files belong to one agent: it is always its turn. */
    Turns ALONE = Runnable::run;

    /**
     * Does something when no other agent does.
     *
     * @throws SQLException when the database cannot be reached, or the others do not come to an end
     */
    void take(Runnable work) throws SQLException;

    /** The turns of all agents on one database of a PostgreSQL server. A turn ends with its connection, as with its agent. */
    static Turns on(DataSource server) {
        return work -> {
            try (Connection connection = server.getConnection();
                    Statement statement = connection.createStatement()) {
                // Any number that nobody else locks. Waits as long as the driver waits for an answer.
                statement.execute("SELECT pg_advisory_lock(7812721386402999407)");
                work.run();
            }
        };
    }
}
