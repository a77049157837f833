package org.llmfactory.trainer.internal;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;

/** A store that keeps what it held before and after every change, and can refuse to change. */
final class Snapshots implements ObjectStore {
    final List<InMemoryObjectStore> moments = new CopyOnWriteArrayList<>();
    volatile boolean refuses;
    private final InMemoryObjectStore store = new InMemoryObjectStore();

    Snapshots(ObjectStore content) throws IOException {
        copy(content, store);
        moments.add(copy(store, new InMemoryObjectStore()));
    }

    private static InMemoryObjectStore copy(ObjectStore from, InMemoryObjectStore to) throws IOException {
        for (StoredObject object : from.list("")) {
            try (InputStream in = from.open(object.key(), 0).orElseThrow()) {
                to.put(object.key(), in);
            }
        }
        return to;
    }

    @Override
    public StoredObject put(String key, InputStream content) throws IOException {
        if (refuses) {
            throw new IOException("the store is away");
        }
        StoredObject stored = store.put(key, content);
        moments.add(copy(store, new InMemoryObjectStore()));
        return stored;
    }

    @Override
    public boolean delete(String key) throws IOException {
        boolean deleted = store.delete(key);
        moments.add(copy(store, new InMemoryObjectStore()));
        return deleted;
    }

    @Override
    public int deleteAll(String prefix) throws IOException {
        int deleted = store.deleteAll(prefix);
        moments.add(copy(store, new InMemoryObjectStore()));
        return deleted;
    }

    @Override
    public Optional<InputStream> open(String key, long offset) {
        return store.open(key, offset);
    }

    @Override
    public Optional<StoredObject> stat(String key) {
        return store.stat(key);
    }

    @Override
    public List<StoredObject> list(String prefix) {
        return store.list(prefix);
    }
}
