package org.llmfactory.files.store;

import org.llmfactory.database.Database;
import org.llmfactory.database.testing.CleanDatabase;

final class DerbyFilesTest extends StoredFilesContract {
    private final CleanDatabase database = new CleanDatabase();

    @Override
    Database database() {
        return database;
    }

    @Override
    void closeDatabase() {
        database.close();
    }
}
