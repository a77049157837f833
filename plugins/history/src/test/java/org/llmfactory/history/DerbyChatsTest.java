package org.llmfactory.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.database.Database;
import org.llmfactory.database.testing.TemporaryDatabase;

final class DerbyChatsTest extends StoredChatsContract {
    private final TemporaryDatabase database = new TemporaryDatabase();

    @Override
    Database database() {
        return database;
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    @Test
    void noFileOfTheDatabaseHoldsAnythingOfAChat() throws IOException {
        Path files = folder.resolve("database");
        try (TemporaryDatabase onDisk = new TemporaryDatabase(files)) {
            EncryptedChatStore chats = new EncryptedChatStore(
                    onDisk,
                    new FolderHome(folder.resolve("home")),
                    new InMemoryProjects(),
                    new SettableClock(Instant.now()));
            chats.save(chat("chatcmpl-1", Instant.now()));
            chats.update(PROJECT, "chatcmpl-1", Map.of("topic", "canary-changed"));
            chats.close();
        }

        List<Path> all;
        try (Stream<Path> found = Files.walk(files)) {
            all = found.filter(Files::isRegularFile).toList();
        }
        assertThat(all).anyMatch(file -> holds(file, "chatcmpl-1")).noneMatch(file -> holds(file, "canary"));
    }

    private static boolean holds(Path file, String text) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            return new String(bytes, StandardCharsets.ISO_8859_1).contains(text)
                    || new String(bytes, StandardCharsets.UTF_16BE).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
