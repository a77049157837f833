package org.llmfactory.registry.adapter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.models.adapter.LoraAdapter;

/** Contents of adapters: in the object store by digest, and on this agent's disk once they were needed. */
final class AdapterFiles {
    static final String CONFIGURATION = "adapter_config.json";
    static final String WEIGHTS = "adapter_model.safetensors";
    private static final List<String> NAMES = List.of(CONFIGURATION, WEIGHTS);
    private static final String INCOMING = ".incoming-";

    private final ObjectStore store;
    private final Path cache;
    private final Set<String> verified = ConcurrentHashMap.newKeySet();
    private final Map<String, Object> locks = new ConcurrentHashMap<>();

    AdapterFiles(ObjectStore store, Path cache) throws IOException {
        this.store = store;
        this.cache = cache;
        Files.createDirectories(cache);
        removeIncoming();
    }

    /** Copies two files into a new folder of our own; the caller {@link #discard}s it. */
    Path receive(Path configuration, Path weights) throws IOException {
        Path folder = Files.createTempDirectory(cache, INCOMING);
        Files.copy(configuration, folder.resolve(CONFIGURATION));
        Files.copy(weights, folder.resolve(WEIGHTS));
        return folder;
    }

    void discard(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder);
        }
    }

    /** Puts a checked folder into the store under its digest. */
    void keep(String digest, Path folder) throws IOException {
        for (String name : NAMES) {
            if (store.stat(key(digest, name)).isEmpty()) {
                try (InputStream in = Files.newInputStream(folder.resolve(name))) {
                    store.put(key(digest, name), in);
                }
            }
        }
        place(digest, folder);
    }

    /** The folder of a digest on this disk, fetched and verified the first time. */
    Path fetch(String digest) throws IOException {
        Path folder = cache.resolve(digest);
        synchronized (lock(digest)) {
            if (verified.contains(digest) && isWhole(folder)) {
                return folder;
            }
            if (isWhole(folder) && LoraAdapter.digestOf(folder).equals(digest)) {
                verified.add(digest);
                return folder;
            }
            discard(folder);
            download(digest);
            return folder;
        }
    }

    void remove(String digest) throws IOException {
        for (String name : NAMES) {
            store.delete(key(digest, name));
        }
        verified.remove(digest);
        discard(cache.resolve(digest));
    }

    private void download(String digest) throws IOException {
        Path incoming = Files.createTempDirectory(cache, INCOMING);
        try {
            for (String name : NAMES) {
                try (InputStream in = store.open(key(digest, name), 0).orElseThrow(AdapterFiles::lost)) {
                    Files.copy(in, incoming.resolve(name));
                }
            }
            if (!LoraAdapter.digestOf(incoming).equals(digest)) {
                throw new FactoryException(
                        ErrorCode.INVALID_FILE,
                        "What the object store holds for this adapter is not what was registered; register it again.");
            }
            place(digest, incoming);
        } finally {
            discard(incoming);
        }
    }

    /** Makes a checked folder the one of its digest, unless the same content lies there already. */
    private void place(String digest, Path folder) throws IOException {
        Path target = cache.resolve(digest);
        synchronized (lock(digest)) {
            if (!isWhole(target)) {
                discard(target);
                Files.move(folder, target, StandardCopyOption.ATOMIC_MOVE);
            }
            verified.add(digest);
        }
    }

    private Object lock(String digest) {
        return locks.computeIfAbsent(digest, key -> new Object());
    }

    private static boolean isWhole(Path folder) {
        return NAMES.stream().allMatch(name -> Files.isRegularFile(folder.resolve(name)));
    }

    private void removeIncoming() throws IOException {
        try (Stream<Path> entries = Files.list(cache)) {
            for (Path entry : entries.toList()) {
                if (String.valueOf(entry.getFileName()).startsWith(INCOMING)) {
                    discard(entry);
                }
            }
        }
    }

    private static FactoryException lost() {
        return new FactoryException(
                ErrorCode.INVALID_FILE, "The object store does not hold this adapter any more; register it again.");
    }

    private static String key(String digest, String name) {
        return "adapters/blobs/" + digest + '/' + name;
    }
}
