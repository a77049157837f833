package org.llmfactory.api.file.testing;

import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;

final class InMemoryFileCatalogTest extends FileCatalogContract {
    private final ObjectStore store = new InMemoryObjectStore();
    private final FileCatalog catalog = new InMemoryFileCatalog(store);

    @Override
    protected FileCatalog catalog() {
        return catalog;
    }

    @Override
    protected ObjectStore store() {
        return store;
    }
}
