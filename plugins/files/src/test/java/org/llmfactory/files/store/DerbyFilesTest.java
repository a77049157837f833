package org.llmfactory.files.store;

import org.llmfactory.database.Database;
import org.llmfactory.database.testing.TemporaryDatabase;

final class DerbyFilesTest extends StoredFilesContract {
    private final TemporaryDatabase database = new TemporaryDatabase();

    @Override
    Database database() {
        return database;
    }

    @Override
    void closeDatabase() {
        database.close();
    }
}
