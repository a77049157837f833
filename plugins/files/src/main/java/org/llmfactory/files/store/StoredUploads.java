package org.llmfactory.files.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog.Label;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.database.Ids;
import org.llmfactory.files.store.Upload.Part;
import org.llmfactory.files.store.Upload.Status;

/** Files that come in parts, in any order and several at once. Safe for use by several threads. */
public final class StoredUploads {
    private final Jdbi tables;
    private final ObjectStore store;
    private final StoredFiles files;
    private final Ledger ledger;
    private final Limits limits;
    private final Clock clock;

    public StoredUploads(Jdbi tables, ObjectStore store, StoredFiles files, Ledger ledger, Limits limits, Clock clock) {
        this.tables = tables;
        this.store = store;
        this.files = files;
        this.ledger = ledger;
        this.limits = limits;
        this.clock = clock;
    }

    /** Begins an upload. */
    public Upload create(Label label, long bytes, Optional<Duration> lifetime, Actor actor) {
        if (bytes < 1 || bytes > limits.uploadBytes()) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "bytes",
                    "Invalid 'bytes': expected an integer from 1 to " + limits.uploadBytes() + ".");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Upload upload = new Upload(
                Ids.next("upload_"),
                label.project(),
                label.owner(),
                label.filename(),
                label.purpose(),
                bytes,
                Status.PENDING,
                now,
                now.plus(limits.uploadTime()),
                lifetime,
                Optional.empty());
        tables.useTransaction(handle -> {
            UploadTable.insert(handle, upload);
            record("upload.created", actor, upload);
        });
        return upload;
    }

    /** An upload of a project, expired ones included. */
    public Optional<Upload> find(String project, String id) {
        return tables.withHandle(handle -> UploadTable.find(handle, project, id))
                .map(this::asOfNow);
    }

    /** Takes a part. It is on the disk when this returns. */
    public Part addPart(Upload upload, InputStream content) {
        checkPending(upload);
        String id = Ids.next("part_");
        String key = Keys.part(upload.project(), upload.id(), id);
        Incoming incoming = new Incoming(content, Math.min(limits.partBytes(), upload.bytes()));
        try {
            store.put(key, incoming);
            Part part =
                    new Part(id, upload.id(), incoming.bytes(), clock.instant().truncatedTo(ChronoUnit.MILLIS));
            tables.useTransaction(handle -> {
                if (!UploadTable.isPending(handle, upload.id(), clock.instant())) {
                    throw ended();
                }
                long already = UploadTable.parts(handle, upload.id()).stream()
                        .mapToLong(Part::bytes)
                        .sum();
                // A part that was sent twice is no reason to refuse; a client that never ends is.
                if (already > 2 * upload.bytes() + limits.partBytes()) {
                    throw new FactoryException(
                            ErrorCode.PAYLOAD_TOO_LARGE, "The parts are more than twice as large as the upload.");
                }
                UploadTable.insert(handle, part);
            });
            return part;
        } catch (IOException e) {
            throw incoming.failure(e);
        } catch (RuntimeException e) {
            files.remove(key);
            throw e;
        }
    }

    /**
     * Makes the file of the parts, in this order.
     *
     * @param md5 of the whole, in hex, if the client knows it
     * @param check sees the content before it is kept
     */
    public Entry complete(
            Upload upload,
            List<String> order,
            Optional<String> md5,
            Consumer<StoredFiles.Received> check,
            Actor actor) {
        checkPending(upload);
        List<Part> parts = ordered(upload, order);
        long bytes = parts.stream().mapToLong(Part::bytes).sum();
        if (bytes != upload.bytes()) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE,
                    "part_ids",
                    "Invalid 'part_ids': the parts have " + bytes + " bytes, but the upload was to have "
                            + upload.bytes() + ".");
        }
        StoredFiles.Received received = files.receive(upload.project(), joined(upload, parts), limits.uploadBytes());
        try {
            if (md5.isPresent() && !md5.get().equalsIgnoreCase(received.md5())) {
                throw FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE, "md5", "Invalid 'md5': it is not that of the parts in this order.");
            }
            check.accept(received);
        } catch (RuntimeException e) {
            files.discard(received);
            throw e;
        }
        Label label = new Label(upload.project(), upload.owner(), upload.filename(), upload.purpose());
        StoredFiles.Terms terms = new StoredFiles.Terms(upload.lifetime(), Optional.empty());
        Entry entry = files.accept(received, label, terms, actor, (handle, file) -> {
            if (!UploadTable.end(handle, upload.id(), Status.COMPLETED, file.id())) {
                throw ended();
            }
        });
        removeParts(upload);
        return entry;
    }

    /** Gives an upload up. */
    public void cancel(Upload upload, Actor actor) {
        checkPending(upload);
        tables.useTransaction(handle -> {
            if (!UploadTable.end(handle, upload.id(), Status.CANCELLED, null)) {
                throw ended();
            }
            record("upload.cancelled", actor, upload);
        });
        removeParts(upload);
    }

    private List<Part> ordered(Upload upload, List<String> order) {
        Map<String, Part> known = tables.withHandle(handle -> UploadTable.parts(handle, upload.id())).stream()
                .collect(Collectors.toMap(Part::id, Function.identity(), (one, same) -> one, HashMap::new));
        List<Part> parts = new ArrayList<>();
        for (String id : order) {
            // Each part can be taken once.
            Part part = known.remove(id);
            if (part == null) {
                throw FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE,
                        "part_ids",
                        "Invalid 'part_ids': expected the ids of parts of this upload, each once.");
            }
            parts.add(part);
        }
        return parts;
    }

    private InputStream joined(Upload upload, List<Part> parts) {
        return new SequenceInputStream(Collections.enumeration(parts.stream()
                .map(part -> (InputStream) new LazyStream(() -> open(upload, part)))
                .toList()));
    }

    private InputStream open(Upload upload, Part part) {
        try {
            return store.open(Keys.part(upload.project(), upload.id(), part.id()), 0)
                    .orElseThrow(() -> new FactoryException(
                            ErrorCode.UNAVAILABLE, "The object store does not hold a part of this upload."));
        } catch (IOException e) {
            throw StoredFiles.unavailable(e);
        }
    }

    private void removeParts(Upload upload) {
        tables.withHandle(handle -> UploadTable.parts(handle, upload.id()))
                .forEach(part -> files.remove(Keys.part(upload.project(), upload.id(), part.id())));
    }

    private Upload asOfNow(Upload upload) {
        boolean expired = upload.status() == Status.PENDING && !clock.instant().isBefore(upload.expires());
        return expired
                ? new Upload(
                        upload.id(),
                        upload.project(),
                        upload.owner(),
                        upload.filename(),
                        upload.purpose(),
                        upload.bytes(),
                        Status.EXPIRED,
                        upload.created(),
                        upload.expires(),
                        upload.lifetime(),
                        upload.file())
                : upload;
    }

    private void checkPending(Upload upload) {
        if (!tables.withHandle(handle -> UploadTable.isPending(handle, upload.id(), clock.instant()))) {
            throw ended();
        }
    }

    private void record(String type, Actor actor, Upload upload) {
        ledger.record(AuditEvent.of(type, actor, Optional.of(upload.project()), upload.id())
                .with(Map.of("purpose", upload.purpose(), "bytes", upload.bytes())));
    }

    private static FactoryException ended() {
        return new FactoryException(
                ErrorCode.INVALID_REQUEST, "The upload is completed, cancelled or expired; create a new one.");
    }
}
