package org.llmfactory.api.file.testing;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.storage.ObjectStore;

/** Files in a map, their contents in an object store. */
public final class InMemoryFileCatalog implements FileCatalog {
    private final Map<String, FileInfo> files = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();
    private final ObjectStore store;

    public InMemoryFileCatalog(ObjectStore store) {
        this.store = store;
    }

    @Override
    public Optional<FileInfo> find(String project, String id) {
        return Optional.ofNullable(files.get(id)).filter(file -> file.project().equals(project));
    }

    @Override
    public FileInfo add(Label label, InputStream content) {
        String id = "file-" + last.incrementAndGet();
        try {
            byte[] bytes = content.readAllBytes();
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            store.put("files/" + id, new ByteArrayInputStream(bytes));
            FileInfo file = new FileInfo(
                    id,
                    label.project(),
                    label.owner(),
                    label.filename(),
                    label.purpose(),
                    bytes.length,
                    digest,
                    "files/" + id,
                    Instant.now(),
                    Optional.empty());
            files.put(id, file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean delete(String project, String id) {
        Optional<FileInfo> file = find(project, id);
        file.ifPresent(known -> {
            files.remove(id);
            try {
                store.delete(known.key());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return file.isPresent();
    }

    /** All files of all projects. */
    public List<FileInfo> files() {
        return List.copyOf(files.values());
    }
}
