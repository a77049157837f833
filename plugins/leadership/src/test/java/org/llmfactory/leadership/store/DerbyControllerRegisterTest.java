package org.llmfactory.leadership.store;

import org.junit.jupiter.api.AfterEach;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.TemporaryDatabase;

class DerbyControllerRegisterTest extends ControllerRegisterContract {
    private final TemporaryDatabase database = new TemporaryDatabase();

    @Override
    Database database() {
        return database;
    }

    @AfterEach
    void close() {
        database.close();
    }
}
