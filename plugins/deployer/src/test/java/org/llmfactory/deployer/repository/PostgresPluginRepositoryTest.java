package org.llmfactory.deployer.repository;

import org.llmfactory.database.Database;
import org.llmfactory.database.testing.PostgresDatabase;

/** The same on a PostgreSQL server. */
class PostgresPluginRepositoryTest extends PluginRepositoryTest {
    @Override
    Database open() {
        return new PostgresDatabase();
    }
}
