package org.llmfactory.api.storage.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.storage.StoredObject;

/** Blobs in a map. */
public final class InMemoryObjectStore implements ObjectStore {
    private static final Pattern SEGMENT = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._=-]+");

    @SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
    private record Blob(StoredObject facts, byte[] content) {}

    private final ConcurrentSkipListMap<String, Blob> blobs = new ConcurrentSkipListMap<>();

    @Override
    public StoredObject put(String key, InputStream content) throws IOException {
        check(key);
        byte[] bytes = content.readAllBytes();
        StoredObject facts = new StoredObject(key, bytes.length, Instant.now());
        blobs.put(key, new Blob(facts, bytes));
        return facts;
    }

    @Override
    public Optional<InputStream> open(String key, long offset) {
        check(key);
        if (offset < 0) {
            throw new IllegalArgumentException("offset must not be negative");
        }
        return Optional.ofNullable(blobs.get(key)).map(blob -> {
            int from = (int) Math.min(offset, blob.content.length);
            return new ByteArrayInputStream(blob.content, from, blob.content.length - from);
        });
    }

    @Override
    public Optional<StoredObject> stat(String key) {
        check(key);
        return Optional.ofNullable(blobs.get(key)).map(Blob::facts);
    }

    @Override
    public List<StoredObject> list(String prefix) {
        String folder = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        if (!folder.isEmpty()) {
            check(folder);
        }
        return blobs.values().stream()
                .map(Blob::facts)
                .filter(facts -> folder.isEmpty()
                        || facts.key().equals(folder)
                        || facts.key().startsWith(folder + "/"))
                .toList();
    }

    @Override
    public boolean delete(String key) {
        check(key);
        return blobs.remove(key) != null;
    }

    @Override
    public int deleteAll(String prefix) {
        return (int) list(prefix).stream().filter(facts -> delete(facts.key())).count();
    }

    private static void check(String key) {
        boolean good = key.length() <= 512;
        for (String segment : key.split("/", -1)) {
            good &= SEGMENT.matcher(segment).matches();
        }
        if (!good) {
            throw new IllegalArgumentException("malformed key");
        }
    }
}
