package org.llmfactory.history;

import org.junit.jupiter.api.AfterEach;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.PostgresDatabase;

final class PostgresChatsTest extends StoredChatsContract {
    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Database database() {
        return database;
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }
}
