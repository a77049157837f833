package org.llmfactory.api.file.testing;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.storage.ObjectStore;

/** Files in a map, their content in an object store. */
public final class InMemoryFileCatalog implements FileCatalog {
    private final ObjectStore store;
    private final Map<String, FileInfo> files = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    public InMemoryFileCatalog(ObjectStore store) {
        this.store = store;
    }

    @Override
    public Optional<FileInfo> find(String project, String id) {
        return Optional.ofNullable(files.get(id)).filter(file -> file.project().equals(project));
    }

    @Override
    public FileInfo add(Label label, InputStream content) {
        String id = "file-" + count.incrementAndGet();
        String key = "projects/" + label.project() + "/files/" + id;
        try {
            store.put(key, content);
            byte[] bytes;
            try (InputStream stored = store.open(key, 0).orElseThrow()) {
                bytes = stored.readAllBytes();
            }
            FileInfo file = new FileInfo(
                    id,
                    label.project(),
                    label.owner(),
                    label.filename(),
                    label.purpose(),
                    bytes.length,
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
                    key,
                    Instant.now().truncatedTo(ChronoUnit.MILLIS),
                    Optional.empty());
            files.put(id, file);
            return file;
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The file could not be stored.", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean delete(String project, String id) {
        Optional<FileInfo> file = find(project, id);
        if (file.isEmpty()) {
            return false;
        }
        files.remove(id);
        try {
            store.delete(file.get().key());
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The file could not be removed.", e);
        }
        return true;
    }

    /** All files of all projects. */
    public List<FileInfo> files() {
        return List.copyOf(files.values());
    }
}
