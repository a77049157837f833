package org.llmfactory.api.chat.testing;

import org.llmfactory.api.chat.ChatStore;

final class InMemoryChatStoreTest extends ChatStoreContract {
    private final ChatStore store = new InMemoryChatStore();

    @Override
    protected ChatStore store() {
        return store;
    }
}
