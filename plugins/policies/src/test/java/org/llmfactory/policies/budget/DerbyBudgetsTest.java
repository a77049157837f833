package org.llmfactory.policies.budget;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.TemporaryDatabase;

final class DerbyBudgetsTest extends BudgetsContract {
    private static TemporaryDatabase database;

    @BeforeAll
    static void open() {
        database = new TemporaryDatabase();
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    Database database(String agent) {
        return database;
    }
}
