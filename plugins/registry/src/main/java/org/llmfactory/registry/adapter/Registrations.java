package org.llmfactory.registry.adapter;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry.Label;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All registrations: an object each in the store, read once, and in memory for every look-up. */
final class Registrations {
    private static final Logger log = LoggerFactory.getLogger(Registrations.class);
    private static final String PREFIX = "adapters/registrations/";
    private static final Comparator<AdapterInfo> OLDEST_FIRST =
            Comparator.comparing(AdapterInfo::created).thenComparing(AdapterInfo::id);

    private final ObjectStore store;
    private final ObjectMapper json = new ObjectMapper();
    private final Map<String, AdapterInfo> byId = new ConcurrentHashMap<>();

    Registrations(ObjectStore store) throws IOException {
        this.store = store;
        for (StoredObject object : store.list(PREFIX)) {
            read(object.key());
        }
    }

    /** All that a reference can mean: by id, by name, by {@code base:name} or by digest; oldest first. */
    List<AdapterInfo> find(String reference) {
        AdapterInfo byReference = byId.get(reference);
        if (byReference != null) {
            return List.of(byReference);
        }
        return byId.values().stream()
                .filter(info -> info.name().equals(reference)
                        || info.digest().equals(reference)
                        || reference.equals(info.baseModel() + ':' + info.name()))
                .sorted(OLDEST_FIRST)
                .toList();
    }

    Optional<AdapterInfo> byId(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The one entry that a label can stand for. */
    Optional<AdapterInfo> labelled(Label label) {
        return byId.values().stream()
                .filter(info -> info.name().equals(label.name())
                        && info.project().equals(label.project())
                        && info.owner().equals(label.owner()))
                .findAny();
    }

    List<AdapterInfo> list() {
        return byId.values().stream().sorted(OLDEST_FIRST).toList();
    }

    boolean isUsed(String digest) {
        return byId.values().stream().anyMatch(info -> info.digest().equals(digest));
    }

    void put(AdapterInfo info) throws IOException {
        byte[] bytes = json.writeValueAsBytes(Registration.of(info));
        store.put(key(info.id()), new ByteArrayInputStream(bytes));
        byId.put(info.id(), info);
    }

    void remove(AdapterInfo info) throws IOException {
        store.delete(key(info.id()));
        byId.remove(info.id());
    }

    private void read(String key) throws IOException {
        Optional<InputStream> content = store.open(key, 0);
        if (content.isEmpty()) {
            return;
        }
        try (InputStream in = content.get()) {
            AdapterInfo info = json.readValue(in, Registration.class).toInfo();
            byId.put(info.id(), info);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            log.error("The registration {} cannot be read; the adapter is not served", key, e);
        }
    }

    private static String key(String id) {
        return PREFIX + id + ".json";
    }
}
