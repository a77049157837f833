package org.llmfactory.api.storage.testing;

import org.llmfactory.api.storage.ObjectStore;

final class InMemoryObjectStoreTest extends ObjectStoreContract {
    private final ObjectStore store = new InMemoryObjectStore();

    @Override
    protected ObjectStore store() {
        return store;
    }
}
