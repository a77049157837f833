package org.llmfactory.deployer.reconcile;

import org.llmfactory.database.Database;
import org.llmfactory.database.testing.PostgresDatabase;

/** The same on a PostgreSQL server. */
class PostgresReconcilerTest extends ReconcilerTest {
    @Override
    Database open() {
        return new PostgresDatabase();
    }
}
