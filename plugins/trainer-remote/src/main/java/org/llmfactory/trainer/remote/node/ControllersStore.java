package org.llmfactory.trainer.remote.node;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;
import org.llmfactory.rest.Json;
import org.llmfactory.trainer.remote.wire.Call;
import org.llmfactory.trainer.remote.wire.Call.Action;
import org.llmfactory.trainer.remote.wire.Pieces;
import org.llmfactory.trainer.remote.wire.Stored;

/** What the controller lets a run see of its object store. */
final class ControllersStore implements ObjectStore {
    private final Line line;

    ControllersStore(Line line) {
        this.line = line;
    }

    @Override
    public StoredObject put(String key, InputStream content) throws IOException {
        return line.put(key, content).reply().value(Stored.class).object();
    }

    @Override
    public Optional<InputStream> open(String key, long offset) throws IOException {
        JsonNode handle = line.ask(Call.open(key, offset)).reply().value();
        return handle.isNull() ? Optional.empty() : Optional.of(new Reading(handle.longValue()));
    }

    @Override
    public Optional<StoredObject> stat(String key) throws IOException {
        JsonNode found = line.ask(Call.of(Action.STAT, key)).reply().value();
        return found.isNull() ? Optional.empty() : Optional.of(stored(found));
    }

    @Override
    public List<StoredObject> list(String prefix) throws IOException {
        List<StoredObject> all = new ArrayList<>();
        line.ask(Call.of(Action.LIST, prefix)).reply().value().forEach(one -> all.add(stored(one)));
        return all;
    }

    private static StoredObject stored(JsonNode node) {
        return Json.MAPPER.convertValue(node, Stored.class).object();
    }

    @Override
    public boolean delete(String key) throws IOException {
        return line.ask(Call.of(Action.DELETE, key)).reply().value().booleanValue();
    }

    @Override
    public int deleteAll(String prefix) throws IOException {
        return line.ask(Call.of(Action.DELETE_ALL, prefix)).reply().value().intValue();
    }

    /** An object that is open at the controller. For one thread. */
    private final class Reading extends Pieces {
        private final long handle;

        Reading(long handle) {
            this.handle = handle;
        }

        @Override
        protected byte[] next() throws IOException {
            return line.ask(Call.of(Action.READ, handle)).bytes();
        }

        @Override
        public void close() throws IOException {
            if (stop()) {
                line.ask(Call.of(Action.CLOSE, handle));
            }
        }
    }
}
