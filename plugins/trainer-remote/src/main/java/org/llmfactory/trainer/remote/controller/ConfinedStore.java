package org.llmfactory.trainer.remote.controller;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;
import org.llmfactory.api.training.TrainingOrder;

/** The part of an object store that an order is about: its data to read, its place to read and write. */
final class ConfinedStore implements ObjectStore {
    private final ObjectStore store;
    private final String place;
    private final Set<String> data = new HashSet<>();

    ConfinedStore(ObjectStore store, TrainingOrder order) {
        this.store = store;
        this.place = order.place();
        data.add(order.data().key());
        order.validation().ifPresent(validation -> data.add(validation.key()));
    }

    private String own(String key) {
        if (!key.equals(place) && !key.startsWith(place + "/")) {
            throw new FactoryException(ErrorCode.PERMISSION_DENIED, "The run has no business there.");
        }
        return key;
    }

    private String readable(String key) {
        return data.contains(key) ? key : own(key);
    }

    @Override
    public StoredObject put(String key, InputStream content) throws IOException {
        return store.put(own(key), content);
    }

    @Override
    public Optional<InputStream> open(String key, long offset) throws IOException {
        return store.open(readable(key), offset);
    }

    @Override
    public Optional<StoredObject> stat(String key) throws IOException {
        return store.stat(readable(key));
    }

    @Override
    public List<StoredObject> list(String prefix) throws IOException {
        return store.list(own(prefix));
    }

    @Override
    public boolean delete(String key) throws IOException {
        return store.delete(own(key));
    }

    @Override
    public int deleteAll(String prefix) throws IOException {
        return store.deleteAll(own(prefix));
    }
}
