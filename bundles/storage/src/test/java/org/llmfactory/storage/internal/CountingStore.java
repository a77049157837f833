package org.llmfactory.storage.internal;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.llmfactory.api.storage.StoredObject;

/** Counts the bytes of a store that are read or skipped. Not safe for use by several threads. */
final class CountingStore implements RawStore {
    private final RawStore store;
    private long bytes;

    CountingStore(RawStore store) {
        this.store = store;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public Optional<Opened> open(String key, int head, long offset) throws IOException {
        Optional<Opened> opened = store.open(key, head, offset);
        bytes += head;
        return opened.map(found -> new Opened(found.head(), found.size(), count(found.rest())));
    }

    @Override
    public Optional<InputStream> open(String key, long offset) throws IOException {
        return store.open(key, offset).map(this::count);
    }

    @Override
    public StoredObject put(String key, InputStream content) throws IOException {
        return store.put(key, content);
    }

    @Override
    public boolean putIfAbsent(String key, byte[] content) throws IOException {
        return store.putIfAbsent(key, content);
    }

    @Override
    public Optional<StoredObject> stat(String key) throws IOException {
        return store.stat(key);
    }

    @Override
    public List<StoredObject> list(String prefix) throws IOException {
        return store.list(prefix);
    }

    @Override
    public boolean delete(String key) throws IOException {
        return store.delete(key);
    }

    @Override
    public int deleteAll(String prefix) throws IOException {
        return store.deleteAll(prefix);
    }

    @Override
    public void close() {
        store.close();
    }

    private InputStream count(InputStream source) {
        return new FilterInputStream(source) {
            @Override
            public int read() throws IOException {
                bytes++;
                return super.read();
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = super.read(target, offset, length);
                bytes += Math.max(0, count);
                return count;
            }

            @Override
            public long skip(long count) throws IOException {
                long skipped = super.skip(count);
                bytes += skipped;
                return skipped;
            }
        };
    }
}
