package org.llmfactory.files.store;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.database.Ids;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files: contents in the object store, the rest in the database. The content is there before the row and goes after it, so
 * what a kill leaves behind is content without a row, which {@link Sweeper} removes. Every change is entered in the ledger
 * as the last act of its transaction. Safe for use by several threads.
 */
public final class StoredFiles implements FileCatalog {
    private static final Logger log = LoggerFactory.getLogger(StoredFiles.class);

    private final Jdbi tables;
    private final ObjectStore store;
    private final Ledger ledger;
    private final Limits limits;
    private final Clock clock;

    public StoredFiles(Jdbi tables, ObjectStore store, Ledger ledger, Limits limits, Clock clock) {
        this.tables = tables;
        this.store = store;
        this.ledger = ledger;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * How a file is to be kept, beside its label.
     *
     * @param lifetime how long; empty for ever
     * @param lineage JSON; empty for a file that was brought
     */
    public record Terms(Optional<Duration> lifetime, Optional<String> lineage) {
        public static final Terms NONE = new Terms(Optional.empty(), Optional.empty());
    }

    /** Content that lies in the store without a row yet: to be {@link #accept}ed or {@link #discard}ed. */
    public record Received(String id, String project, String key, long bytes, String sha256, String md5) {}

    @Override
    public Optional<FileInfo> find(String project, String id) {
        return entry(project, id).map(Entry::file);
    }

    public Optional<Entry> entry(String project, String id) {
        return tables.withHandle(handle -> FileTable.find(handle, project, id, clock.instant()));
    }

    /**
     * Files in the order they came.
     *
     * @param after the id of the file before the page
     * @throws FactoryException {@code INVALID_VALUE} when there is no such file
     */
    public List<Entry> list(
            String project, @Nullable String purpose, @Nullable String after, boolean descending, int limit) {
        Instant now = clock.instant();
        return tables.withHandle(handle -> {
            Entry before = after == null
                    ? null
                    : FileTable.find(handle, project, after, now)
                            .orElseThrow(() -> FactoryException.ofParameter(
                                    ErrorCode.INVALID_VALUE,
                                    "after",
                                    "Invalid 'after': there is no file with this id."));
            return FileTable.list(handle, project, purpose, before, descending, limit, now);
        });
    }

    @Override
    public FileInfo add(Label label, InputStream content) {
        Received received = receive(label.project(), content, limits.uploadBytes());
        return accept(received, label, Terms.NONE, Actor.system(), (handle, file) -> {})
                .file();
    }

    /** Takes content of at most {@link Limits#fileBytes()}. */
    public Received receive(String project, InputStream content) {
        return receive(project, content, limits.fileBytes());
    }

    Received receive(String project, InputStream content, long maximum) {
        String id = Ids.next("file-");
        String key = Keys.file(project, id);
        Incoming incoming = new Incoming(content, maximum);
        try {
            store.put(key, incoming);
        } catch (IOException e) {
            throw incoming.failure(e);
        }
        return new Received(id, project, key, incoming.bytes(), incoming.sha256(), incoming.md5());
    }

    /**
     * Keeps what was received. It is removed again when this fails.
     *
     * @param further what else belongs to the change, in its transaction
     */
    public Entry accept(
            Received received, Label label, Terms terms, Actor actor, BiConsumer<Handle, FileInfo> further) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        FileInfo file = new FileInfo(
                received.id(),
                received.project(),
                label.owner(),
                label.filename(),
                label.purpose(),
                received.bytes(),
                received.sha256(),
                received.key(),
                now,
                terms.lifetime().map(now::plus));
        Entry entry = new Entry(file, terms.lineage());
        try {
            tables.useTransaction(handle -> {
                FileTable.insert(handle, entry);
                further.accept(handle, file);
                ledger.record(event("file.created", actor, file)
                        .with(Map.of("purpose", file.purpose(), "bytes", file.bytes(), "digest", file.digest())));
            });
        } catch (RuntimeException e) {
            discard(received);
            throw e;
        }
        return entry;
    }

    /** Removes what was received and is not wanted. */
    public void discard(Received received) {
        remove(received.key());
    }

    @Override
    public boolean delete(String project, String id) {
        return delete(project, id, Actor.system(), "file.deleted");
    }

    /** As {@link #delete(String, String)}, with who did it. */
    public boolean delete(String project, String id, Actor actor) {
        return delete(project, id, actor, "file.deleted");
    }

    boolean delete(String project, String id, Actor actor, String type) {
        Optional<Entry> entry = tables.inTransaction(handle -> {
            Optional<Entry> found = FileTable.find(handle, project, id, Instant.EPOCH);
            if (found.isEmpty() || !FileTable.delete(handle, project, id)) {
                return Optional.empty();
            }
            ledger.record(event(type, actor, found.get().file())
                    .with(Map.of("digest", found.get().file().digest())));
            return found;
        });
        entry.ifPresent(gone -> remove(gone.file().key()));
        return entry.isPresent();
    }

    /**
     * The content from a byte on.
     *
     * @throws FactoryException {@code UNAVAILABLE} when the store cannot give it
     */
    public InputStream open(FileInfo file, long offset) {
        return open(file.key(), offset);
    }

    /** As {@link #open(FileInfo, long)}, of content that is not accepted yet. */
    public InputStream open(Received received) {
        return open(received.key(), 0);
    }

    private InputStream open(String key, long offset) {
        try {
            return store.open(key, offset)
                    .orElseThrow(() -> new FactoryException(
                            ErrorCode.UNAVAILABLE, "The object store does not hold the content of this file."));
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    /** Enters that somebody saw what is in a file. */
    public void recordRead(FileInfo file, Actor actor, String how) {
        ledger.record(event("file.read", actor, file).with(Map.of("how", how)));
    }

    /** Removes content; what stays is found by the {@link Sweeper}. */
    void remove(String key) {
        try {
            store.delete(key);
        } catch (IOException e) {
            log.warn("The content {} could not be removed; it is tried again later", key, e);
        }
    }

    private static AuditEvent event(String type, Actor actor, FileInfo file) {
        return AuditEvent.of(type, actor, Optional.of(file.project()), file.id());
    }

    static FactoryException unavailable(IOException cause) {
        return new FactoryException(ErrorCode.UNAVAILABLE, "The object store does not answer.", cause);
    }
}
