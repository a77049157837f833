package org.llmfactory.api.chat.testing;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.llmfactory.api.chat.ChatStore;
import org.llmfactory.api.chat.StoredChat;

/** Chats in a map. */
public final class InMemoryChatStore implements ChatStore {
    private static final Comparator<StoredChat> OLD_TO_NEW =
            Comparator.comparing(StoredChat::created).thenComparing(StoredChat::id);

    private final Map<Key, StoredChat> chats = new HashMap<>();

    private record Key(String project, String id) {}

    @Override
    public synchronized void save(StoredChat chat) {
        chats.put(new Key(chat.project(), chat.id()), chat);
    }

    @Override
    public synchronized Optional<StoredChat> find(String project, String id) {
        return Optional.ofNullable(chats.get(new Key(project, id)));
    }

    @Override
    public synchronized List<StoredChat> list(Query query) {
        Comparator<StoredChat> order = query.descending() ? OLD_TO_NEW.reversed() : OLD_TO_NEW;
        Stream<StoredChat> all =
                chats.values().stream().filter(chat -> matches(chat, query)).sorted(order);
        String after = query.after();
        if (after != null) {
            Optional<StoredChat> before = find(query.project(), after);
            if (before.isEmpty()) {
                return List.of();
            }
            all = all.filter(chat -> order.compare(chat, before.get()) > 0);
        }
        return all.limit(query.limit()).toList();
    }

    private static boolean matches(StoredChat chat, Query query) {
        return chat.project().equals(query.project())
                && (query.owner() == null || chat.owner().equals(query.owner()))
                && (query.model() == null || chat.model().equals(query.model()))
                && chat.metadata().entrySet().containsAll(query.metadata().entrySet());
    }

    @Override
    public synchronized Optional<StoredChat> update(String project, String id, Map<String, String> metadata) {
        Optional<StoredChat> changed = find(project, id)
                .map(chat -> new StoredChat(
                        chat.id(),
                        chat.project(),
                        chat.owner(),
                        chat.model(),
                        chat.created(),
                        metadata,
                        chat.request(),
                        chat.completion()));
        changed.ifPresent(this::save);
        return changed;
    }

    @Override
    public synchronized boolean delete(String project, String id) {
        return chats.remove(new Key(project, id)) != null;
    }
}
