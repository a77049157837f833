package org.llmfactory.files.store;

import org.llmfactory.database.Database;
import org.llmfactory.database.testing.PostgresDatabase;

final class PostgresFilesTest extends StoredFilesContract {
    private final PostgresDatabase database = new PostgresDatabase();

    @Override
    Database database() {
        return database;
    }

    @Override
    void closeDatabase() {
        database.close();
    }
}
