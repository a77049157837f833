package org.llmfactory.database.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.TemporaryDatabase;

final class DerbyDatabaseTest extends DatabaseContract {
    @TempDir
    Path folder;

    private final TemporaryDatabase database = new TemporaryDatabase();

    @Override
    Database database() {
        return database;
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void whatWasWrittenIsThereAfterTheDatabaseWasClosed() {
        try (TemporaryDatabase first = new TemporaryDatabase(folder.resolve("database"))) {
            first.open("test", DerbyDatabaseTest.class).useHandle(handle -> add(handle, "kept"));
        }
        try (TemporaryDatabase second = new TemporaryDatabase(folder.resolve("database"))) {
            assertThat(count(second.open("test", DerbyDatabaseTest.class))).isEqualTo(1);
        }
    }

    @Test
    void theEngineWritesNoLogOfItsOwn() {
        try (TemporaryDatabase first = new TemporaryDatabase(folder.resolve("database"))) {
            first.open("test", DerbyDatabaseTest.class);
        }

        assertThat(Path.of("derby.log")).doesNotExist();
    }

    @Test
    void aDatabaseOfAServerOrWithAttributesIsRefused() {
        assertThat(DerbyEngine.name("jdbc:derby:/srv/database")).isEqualTo("/srv/database");
        assertThatThrownBy(() -> DerbyEngine.name("jdbc:derby://localhost/database"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> DerbyEngine.name("jdbc:derby:/srv/database;shutdown=true"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
