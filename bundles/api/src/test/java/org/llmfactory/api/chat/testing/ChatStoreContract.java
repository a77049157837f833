package org.llmfactory.api.chat.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.chat.ChatStore;
import org.llmfactory.api.chat.ChatStore.Query;
import org.llmfactory.api.chat.StoredChat;

/** What every {@link ChatStore} must do. */
public abstract class ChatStoreContract {
    protected static final String PROJECT = "proj_a";
    protected static final String OTHER_PROJECT = "proj_b";

    private static final Instant START = Instant.parse("2026-01-01T00:00:00.123Z");

    /** The store under test, empty at first; {@link #PROJECT} and {@link #OTHER_PROJECT} keep chats without end. */
    protected abstract ChatStore store();

    @Test
    void aChatIsFoundAsItWasSaved() {
        StoredChat chat = new StoredChat(
                "chatcmpl-1",
                PROJECT,
                "user-1",
                "smollm2",
                START,
                Map.of("topic", "Wetter ☀", "empty", ""),
                "{\"messages\":\"" + "Wie wird das Wetter? ☔ ".repeat(5000) + "\"}",
                "{\"choices\":[]}");

        store().save(chat);

        assertThat(store().find(PROJECT, "chatcmpl-1")).contains(chat);
    }

    @Test
    void aChatIsThereInItsOwnProjectOnly() {
        store().save(chat(PROJECT, 1));

        assertThat(store().find(OTHER_PROJECT, id(1))).isEmpty();
        assertThat(store().list(all(OTHER_PROJECT))).isEmpty();
        assertThat(store().update(OTHER_PROJECT, id(1), Map.of("a", "b"))).isEmpty();
        assertThat(store().delete(OTHER_PROJECT, id(1))).isFalse();
        assertThat(store().find(PROJECT, id(1))).contains(chat(PROJECT, 1));
    }

    @Test
    void chatsOfTwoProjectsWithOneIdAreTwo() {
        store().save(chat(PROJECT, 1));
        store().save(chat(OTHER_PROJECT, 1));

        assertThat(store().find(PROJECT, id(1))).contains(chat(PROJECT, 1));
        assertThat(store().find(OTHER_PROJECT, id(1))).contains(chat(OTHER_PROJECT, 1));
    }

    @Test
    void savingAgainReplaces() {
        store().save(chat(PROJECT, 1, Map.of("a", "old")));

        store().save(chat(PROJECT, 1, Map.of("a", "new")));

        assertThat(store().list(all(PROJECT))).containsExactly(chat(PROJECT, 1, Map.of("a", "new")));
        assertThat(store().list(where(null, null, Map.of("a", "old")))).isEmpty();
    }

    @Test
    void pagesShowEveryChatOnceFromOldToNew() {
        save(7);

        assertThat(walk(false)).containsExactly(id(1), id(2), id(3), id(4), id(5), id(6), id(7));
    }

    @Test
    void pagesShowEveryChatOnceFromNewToOld() {
        save(7);

        assertThat(walk(true)).containsExactly(id(7), id(6), id(5), id(4), id(3), id(2), id(1));
    }

    @Test
    void chatsOfOneMomentAreAllShown() {
        for (int number = 1; number <= 5; number++) {
            StoredChat chat = chat(PROJECT, number);
            store().save(new StoredChat(
                    chat.id(), PROJECT, chat.owner(), chat.model(), START, Map.of(), chat.request(), "{}"));
        }

        assertThat(walk(false)).containsExactlyInAnyOrder(id(1), id(2), id(3), id(4), id(5));
        assertThat(walk(true)).containsExactlyInAnyOrder(id(1), id(2), id(3), id(4), id(5));
    }

    @Test
    void aPageAfterAnUnknownChatIsEmpty() {
        save(3);

        assertThat(store().list(new Query(PROJECT, null, null, Map.of(), "chatcmpl-x", 10, false)))
                .isEmpty();
    }

    @Test
    void chatsAreChosenByOwnerModelAndMetadata() {
        save(6);

        assertThat(store().list(where("user-1", null, Map.of())))
                .extracting(StoredChat::id)
                .containsExactly(id(1), id(3), id(5));
        assertThat(store().list(where(null, "model-2", Map.of())))
                .extracting(StoredChat::id)
                .containsExactly(id(2), id(5));
        assertThat(store().list(where("user-1", "model-2", Map.of("number", "5", "all", "yes"))))
                .extracting(StoredChat::id)
                .containsExactly(id(5));
        assertThat(store().list(where(null, null, Map.of("number", "5", "all", "no"))))
                .isEmpty();
        assertThat(store().list(where(null, null, Map.of("all", "yes")))).hasSize(6);
    }

    @Test
    void pagesOfChosenChatsLeaveNoneOut() {
        save(6);

        List<StoredChat> page = store().list(new Query(PROJECT, "user-1", null, Map.of("all", "yes"), id(1), 1, false));

        assertThat(page).extracting(StoredChat::id).containsExactly(id(3));
    }

    @Test
    void metadataIsReplacedAndAllElseStays() {
        save(1);

        assertThat(store().update(PROJECT, id(1), Map.of("number", "one")))
                .contains(chat(PROJECT, 1, Map.of("number", "one")));

        assertThat(store().find(PROJECT, id(1))).contains(chat(PROJECT, 1, Map.of("number", "one")));
        assertThat(store().list(where(null, null, Map.of("number", "one")))).hasSize(1);
        assertThat(store().list(where(null, null, Map.of("number", "1")))).isEmpty();
        assertThat(store().list(where(null, null, Map.of("all", "yes")))).isEmpty();
    }

    @Test
    void anUnknownChatIsNotUpdated() {
        assertThat(store().update(PROJECT, id(1), Map.of())).isEmpty();
        assertThat(store().find(PROJECT, id(1))).isEmpty();
    }

    @Test
    void aDeletedChatIsGone() {
        save(2);

        assertThat(store().delete(PROJECT, id(1))).isTrue();

        assertThat(store().find(PROJECT, id(1))).isEmpty();
        assertThat(store().list(all(PROJECT))).containsExactly(chat(PROJECT, 2));
        assertThat(store().delete(PROJECT, id(1))).isFalse();
    }

    /** A chat of a project: odd ones are of {@code user-1}; {@code model-2} answers 2, 5, 8 and so on. */
    protected static StoredChat chat(String project, int number) {
        return chat(project, number, Map.of("number", Integer.toString(number), "all", "yes"));
    }

    protected static String id(int number) {
        return "chatcmpl-" + number;
    }

    private static StoredChat chat(String project, int number, Map<String, String> metadata) {
        return new StoredChat(
                id(number),
                project,
                number % 2 == 1 ? "user-1" : "user-2",
                "model-" + number % 3,
                START.plusSeconds(number),
                metadata,
                "{\"question\":" + number + "}",
                "{\"project\":\"" + project + "\"}");
    }

    private void save(int count) {
        // Not in order: what counts is when they were answered.
        for (int number = count; number >= 1; number--) {
            store().save(chat(PROJECT, number));
        }
    }

    private List<String> walk(boolean descending) {
        List<String> seen = new ArrayList<>();
        String after = null;
        List<StoredChat> page;
        do {
            page = store().list(new Query(PROJECT, null, null, Map.of(), after, 2, descending));
            assertThat(page).hasSizeLessThanOrEqualTo(2);
            page.forEach(chat -> seen.add(chat.id()));
            after = page.isEmpty() ? null : page.get(page.size() - 1).id();
        } while (!page.isEmpty() && seen.size() < 100);
        return seen;
    }

    private static Query all(String project) {
        return new Query(project, null, null, Map.of(), null, 100, false);
    }

    private static Query where(@Nullable String owner, @Nullable String model, Map<String, String> metadata) {
        return new Query(PROJECT, owner, model, metadata, null, 100, false);
    }
}
