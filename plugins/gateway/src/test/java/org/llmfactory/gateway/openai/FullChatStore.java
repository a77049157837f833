package org.llmfactory.gateway.openai;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.api.chat.ChatStore;
import org.llmfactory.api.chat.StoredChat;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/** A store that has no room. */
final class FullChatStore implements ChatStore {
    @Override
    public void save(StoredChat chat) {
        throw new FactoryException(ErrorCode.OVERLOADED, "The disk is full.");
    }

    @Override
    public Optional<StoredChat> find(String project, String id) {
        return Optional.empty();
    }

    @Override
    public List<StoredChat> list(Query query) {
        return List.of();
    }

    @Override
    public Optional<StoredChat> update(String project, String id, Map<String, String> metadata) {
        return Optional.empty();
    }

    @Override
    public boolean delete(String project, String id) {
        return false;
    }
}
