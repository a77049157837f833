package org.llmfactory.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.api.chat.ChatStore;
import org.llmfactory.api.chat.StoredChat;
import org.llmfactory.api.chat.testing.ChatStoreContract;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.project.ModelPermissions;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.database.Database;

/** What the stored chats do on every product. */
abstract class StoredChatsContract extends ChatStoreContract {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(NOW);
    private InMemoryProjects projects;
    private EncryptedChatStore store;

    abstract Database database();

    @BeforeEach
    void open() {
        projects = new InMemoryProjects();
        store = agent("home");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    protected ChatStore store() {
        return store;
    }

    @Test
    void whatWasSaidAndTheMetadataAreNotInTheTables() {
        store.save(chat("chatcmpl-1", NOW));

        Jdbi tables = database().open("history", EncryptedChatStore.class);
        tables.useHandle(handle -> {
            for (String column : List.of("metadata", "request", "completion")) {
                byte[] stored = handle.createQuery("SELECT <column> FROM chat")
                        .define("column", column)
                        .mapTo(byte[].class)
                        .one();
                assertThat(new String(stored, StandardCharsets.ISO_8859_1)).doesNotContain("canary");
            }
            assertThat(handle.createQuery("SELECT digest FROM chat_label")
                            .mapTo(String.class)
                            .list())
                    .allMatch(digest -> digest.matches("[0-9a-f]{64}"));
        });
    }

    @Test
    void aRowThatWasPutInAnothersPlaceIsNotRead() {
        store.save(chat("chatcmpl-1", NOW));
        store.save(chat("chatcmpl-2", NOW));

        Jdbi tables = database().open("history", EncryptedChatStore.class);
        tables.useHandle(handle -> {
            byte[] other = handle.createQuery("SELECT request FROM chat WHERE id = 'chatcmpl-2'")
                    .mapTo(byte[].class)
                    .one();
            handle.createUpdate("UPDATE chat SET request = :other WHERE id = 'chatcmpl-1'")
                    .bind("other", other)
                    .execute();
        });

        assertThatThrownBy(() -> store.find(PROJECT, "chatcmpl-1"))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void anAgentWithTheSameSecretReadsTheSameChats() {
        store.save(chat("chatcmpl-1", NOW));

        EncryptedChatStore another = agent("home");

        assertThat(another.find(PROJECT, "chatcmpl-1")).contains(chat("chatcmpl-1", NOW));
        another.close();
    }

    @Test
    void anAgentWithAnotherSecretIsToldWhatToDo() {
        store.save(chat("chatcmpl-1", NOW));

        EncryptedChatStore stranger = agent("another home");

        assertThatThrownBy(() -> stranger.find(PROJECT, "chatcmpl-1"))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining("another key");
        stranger.close();
    }

    @Test
    void theFirstChatsOfAProjectCanBeSavedByManyAtOnce() throws Exception {
        EncryptedChatStore another = agent("home");
        CompletableFuture<?>[] saves = IntStream.range(0, 16)
                .mapToObj(number -> CompletableFuture.runAsync(
                        () -> (number % 2 == 0 ? store : another).save(chat("chatcmpl-" + number, NOW))))
                .toArray(CompletableFuture<?>[]::new);

        CompletableFuture.allOf(saves).get(60, TimeUnit.SECONDS);

        assertThat(agent("home").list(new ChatStore.Query(PROJECT, null, null, Map.of(), null, 100, false)))
                .hasSize(16);
        another.close();
    }

    @Test
    void anExpiredChatIsNotShownAndThenDeleted() {
        keepFor(Duration.ofDays(30));
        store.save(chat("chatcmpl-old", NOW.minus(Duration.ofDays(29))));
        store.save(chat("chatcmpl-new", NOW));
        assertThat(store.find(PROJECT, "chatcmpl-old")).isPresent();
        assertThat(store.sweep()).isZero();

        clock.set(NOW.plus(Duration.ofDays(2)));

        assertThat(store.find(PROJECT, "chatcmpl-old")).isEmpty();
        assertThat(store.list(new ChatStore.Query(PROJECT, null, null, Map.of(), null, 10, false)))
                .extracting(StoredChat::id)
                .containsExactly("chatcmpl-new");
        assertThat(store.list(new ChatStore.Query(PROJECT, null, null, Map.of(), "chatcmpl-old", 10, false)))
                .isEmpty();
        assertThat(store.update(PROJECT, "chatcmpl-old", Map.of())).isEmpty();
        assertThat(store.delete(PROJECT, "chatcmpl-old")).isFalse();
        assertThat(store.sweep()).isEqualTo(1);
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aShorterRetentionHoldsForWhatIsThereAlready() {
        store.save(chat("chatcmpl-1", NOW.minus(Duration.ofDays(10))));

        keepFor(Duration.ofDays(7));

        assertThat(store.find(PROJECT, "chatcmpl-1")).isEmpty();
        assertThat(store.sweep()).isEqualTo(1);
    }

    @Test
    void withoutRetentionNothingIsSwept() {
        store.save(chat("chatcmpl-1", Instant.EPOCH));

        assertThat(store.sweep()).isZero();
        assertThat(store.find(PROJECT, "chatcmpl-1")).isPresent();
    }

    @Test
    void chatsOfAnArchivedProjectGoWhenTheyWereToGo() {
        keepFor(Duration.ofDays(30));
        store.save(chat("chatcmpl-1", NOW));
        EncryptedChatStore afterArchive = new EncryptedChatStore(
                database(), new FolderHome(folder.resolve("home")), new InMemoryProjects(), clock);

        clock.set(NOW.plus(Duration.ofDays(29)));
        assertThat(afterArchive.sweep()).isZero();
        clock.set(NOW.plus(Duration.ofDays(31)));
        assertThat(afterArchive.sweep()).isEqualTo(1);
        afterArchive.close();
    }

    @Test
    void moreThanOneBatchIsSwept() {
        keepFor(Duration.ofDays(1));
        for (int number = 0; number < 450; number++) {
            store.save(new StoredChat(
                    "chatcmpl-" + number, PROJECT, "user-1", "m", NOW.minusSeconds(number), Map.of(), "{}", "{}"));
        }
        clock.set(NOW.plus(Duration.ofDays(2)));

        assertThat(store.sweep()).isEqualTo(450);
        assertThat(rows()).isZero();
    }

    private EncryptedChatStore agent(String home) {
        return new EncryptedChatStore(database(), new FolderHome(folder.resolve(home)), projects, clock);
    }

    private void keepFor(Duration retention) {
        projects.put(new ProjectSettings(
                PROJECT,
                ModelPermissions.ALL,
                true,
                Set.of(),
                Map.of(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.of(retention)));
    }

    private int rows() {
        return database()
                .open("history", EncryptedChatStore.class)
                .withHandle(handle -> handle.createQuery("SELECT COUNT(*) FROM chat")
                        .mapTo(Integer.class)
                        .one());
    }

    static StoredChat chat(String id, Instant created) {
        return new StoredChat(
                id,
                PROJECT,
                "user-1",
                "smollm2",
                created,
                Map.of("topic", "canary-metadata"),
                "{\"content\":\"canary-request\"}",
                "{\"content\":\"canary-completion\"}");
    }
}
