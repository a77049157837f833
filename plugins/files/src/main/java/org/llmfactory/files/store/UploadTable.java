package org.llmfactory.files.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import org.llmfactory.files.store.Upload.Part;
import org.llmfactory.files.store.Upload.Status;

/** The rows of uploads and their parts, within a transaction of the caller. */
final class UploadTable {
    private static final String COLUMNS =
            "id, project, owner, filename, purpose, bytes, status, created, expires, lifetime, entry";

    private static final RowMapper<Upload> ROW = (row, context) -> {
        long lifetime = row.getLong("lifetime");
        Optional<Duration> kept = row.wasNull() ? Optional.empty() : Optional.of(Duration.ofSeconds(lifetime));
        return new Upload(
                row.getString("id"),
                row.getString("project"),
                row.getString("owner"),
                row.getString("filename"),
                row.getString("purpose"),
                row.getLong("bytes"),
                Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                Instant.ofEpochMilli(row.getLong("created")),
                Instant.ofEpochMilli(row.getLong("expires")),
                kept,
                Optional.ofNullable(row.getString("entry")));
    };

    private static final RowMapper<Part> PART = (row, context) -> new Part(
            row.getString("id"),
            row.getString("upload"),
            row.getLong("bytes"),
            Instant.ofEpochMilli(row.getLong("created")));

    private UploadTable() {}

    static void insert(Handle handle, Upload upload) {
        handle.createUpdate("INSERT INTO upload (" + COLUMNS + ") VALUES (:id, :project, :owner, :filename, :purpose,"
                        + " :bytes, :status, :created, :expires, :lifetime, :entry)")
                .bind("id", upload.id())
                .bind("project", upload.project())
                .bind("owner", upload.owner())
                .bind("filename", upload.filename())
                .bind("purpose", upload.purpose())
                .bind("bytes", upload.bytes())
                .bind("status", word(upload.status()))
                .bind("created", upload.created().toEpochMilli())
                .bind("expires", upload.expires().toEpochMilli())
                .bind("lifetime", upload.lifetime().map(Duration::toSeconds).orElse(null))
                .bind("entry", upload.file().orElse(null))
                .execute();
    }

    static Optional<Upload> find(Handle handle, String project, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM upload WHERE id = :id AND project = :project")
                .bind("id", id)
                .bind("project", project)
                .map(ROW)
                .findOne();
    }

    /** Ends a pending upload; false when it is not pending any more. */
    static boolean end(Handle handle, String id, Status status, @Nullable String file) {
        return handle.createUpdate(
                                "UPDATE upload SET status = :status, entry = :entry WHERE id = :id AND status = 'pending'")
                        .bind("status", word(status))
                        .bind("entry", file)
                        .bind("id", id)
                        .execute()
                > 0;
    }

    static boolean isPending(Handle handle, String id, Instant now) {
        return handle.createQuery(
                                "SELECT COUNT(*) FROM upload WHERE id = :id AND status = 'pending' AND expires > :now")
                        .bind("id", id)
                        .bind("now", now.toEpochMilli())
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /** Forgets uploads that ended or expired before. */
    static int deleteExpired(Handle handle, Instant before) {
        return handle.createUpdate("DELETE FROM upload WHERE expires < :before")
                .bind("before", before.toEpochMilli())
                .execute();
    }

    static void insert(Handle handle, Part part) {
        handle.createUpdate(
                        "INSERT INTO upload_part (id, upload, bytes, created) VALUES (:id, :upload, :bytes, :created)")
                .bind("id", part.id())
                .bind("upload", part.upload())
                .bind("bytes", part.bytes())
                .bind("created", part.created().toEpochMilli())
                .execute();
    }

    static List<Part> parts(Handle handle, String upload) {
        return handle.createQuery("SELECT id, upload, bytes, created FROM upload_part WHERE upload = :upload")
                .bind("upload", upload)
                .map(PART)
                .list();
    }

    private static String word(Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
