package org.llmfactory.api.chat.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.api.chat.ChatStore;
import org.llmfactory.api.chat.StoredChat;

/** Chats in a map. */
public final class InMemoryChatStore implements ChatStore {
    private final Map<String, StoredChat> chats = new LinkedHashMap<>();

    @Override
    public synchronized void save(StoredChat chat) {
        chats.put(chat.id(), chat);
    }

    @Override
    public synchronized Optional<StoredChat> find(String project, String id) {
        return Optional.ofNullable(chats.get(id)).filter(chat -> chat.project().equals(project));
    }

    @Override
    public synchronized List<StoredChat> list(Query query) {
        List<StoredChat> all = new ArrayList<>(chats.values());
        if (query.descending()) {
            Collections.reverse(all);
        }
        boolean seen = query.after() == null;
        List<StoredChat> page = new ArrayList<>();
        for (StoredChat chat : all) {
            if (seen && matches(chat, query) && page.size() < query.limit()) {
                page.add(chat);
            }
            seen = seen || chat.id().equals(query.after());
        }
        return page;
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
        return find(project, id).map(chat -> chats.remove(chat.id())).isPresent();
    }
}
