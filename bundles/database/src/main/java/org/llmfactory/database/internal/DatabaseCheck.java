package org.llmfactory.database.internal;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The agent is healthy once there is a database, and while it answers. */
@Component(property = {HealthCheck.NAME + "=Database", HealthCheck.TAGS + "=live"})
public final class DatabaseCheck implements HealthCheck {
    private static final int ANSWER_SECONDS = 2;

    private volatile @Nullable DataSource database;

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            target = PublishedDatabase.OURS)
    void bindDatabase(DataSource open) {
        database = open;
    }

    void unbindDatabase(DataSource closed) {
        if (database == closed) {
            database = null;
        }
    }

    @Override
    public Result execute() {
        DataSource open = database;
        if (open == null) {
            return new Result(
                    Result.Status.TEMPORARILY_UNAVAILABLE,
                    "There is no database yet. The agent's log says what it waits for.");
        }
        try (Connection connection = open.getConnection()) {
            return connection.isValid(ANSWER_SECONDS)
                    ? new Result(Result.Status.OK, "The database answers")
                    : new Result(Result.Status.CRITICAL, "The database does not answer");
        } catch (SQLException e) {
            return new Result(Result.Status.CRITICAL, "The database does not answer: " + e.getMessage());
        }
    }
}
