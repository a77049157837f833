package org.llmfactory.leadership.store;

import org.junit.jupiter.api.AfterEach;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.PostgresDatabase;

class PostgresControllerRegisterTest extends ControllerRegisterContract {
    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Database database() {
        return database;
    }

    @AfterEach
    void close() {
        database.close();
    }
}
