package org.llmfactory.database.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.llmfactory.database.testing.TemporaryDatabase;

final class PooledDatabaseTest {
    @Test
    void migrationsRunOnceAndTablesCanBeUsed() {
        try (TemporaryDatabase database = new TemporaryDatabase()) {
            Jdbi tables = database.open("test", PooledDatabaseTest.class);
            tables.useHandle(handle -> handle.createUpdate("INSERT INTO note (id, words) VALUES (:id, :words)")
                    .bind("id", "a")
                    .bind("words", "b".repeat(100_000))
                    .execute());

            Jdbi again = database.open("test", PooledDatabaseTest.class);

            String words = again.withHandle(handle -> handle.createQuery("SELECT words FROM note WHERE id = :id")
                    .bind("id", "a")
                    .mapTo(String.class)
                    .one());
            assertThat(words).hasSize(100_000);
        }
    }
}
