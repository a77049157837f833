package org.llmfactory.files.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.file.FileInfo;

/** The rows of files, within a transaction of the caller. */
final class FileTable {
    private static final String COLUMNS =
            "id, project, owner, filename, purpose, bytes, digest, created, expires, lineage";

    private static final RowMapper<Entry> ROW = (row, context) -> {
        long expires = row.getLong("expires");
        Optional<Instant> end = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(expires));
        String id = row.getString("id");
        String project = row.getString("project");
        FileInfo file = new FileInfo(
                id,
                project,
                row.getString("owner"),
                row.getString("filename"),
                row.getString("purpose"),
                row.getLong("bytes"),
                row.getString("digest"),
                Keys.file(project, id),
                Instant.ofEpochMilli(row.getLong("created")),
                end);
        return new Entry(file, Optional.ofNullable(row.getString("lineage")));
    };

    private FileTable() {}

    static void insert(Handle handle, Entry entry) {
        FileInfo file = entry.file();
        handle.createUpdate(
                        "INSERT INTO file_entry (" + COLUMNS + ") VALUES (:id, :project, :owner, :filename, :purpose,"
                                + " :bytes, :digest, :created, :expires, :lineage)")
                .bind("id", file.id())
                .bind("project", file.project())
                .bind("owner", file.owner())
                .bind("filename", file.filename())
                .bind("purpose", file.purpose())
                .bind("bytes", file.bytes())
                .bind("digest", file.digest())
                .bind("created", file.created().toEpochMilli())
                .bind("expires", file.expires().map(Instant::toEpochMilli).orElse(null))
                .bind("lineage", entry.lineage().orElse(null))
                .execute();
    }

    /** A file that has not expired at {@code now}. */
    static Optional<Entry> find(Handle handle, String project, String id, Instant now) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM file_entry WHERE id = :id AND project = :project"
                        + " AND (expires IS NULL OR expires > :now)")
                .bind("id", id)
                .bind("project", project)
                .bind("now", now.toEpochMilli())
                .map(ROW)
                .findOne();
    }

    /** Files that have not expired at {@code now}, behind another in the order. */
    static List<Entry> list(
            Handle handle,
            String project,
            @Nullable String purpose,
            @Nullable Entry after,
            boolean descending,
            int limit,
            Instant now) {
        String sign = descending ? "<" : ">";
        String order = descending ? "created DESC, id DESC" : "created, id";
        Query query = handle.createQuery("SELECT " + COLUMNS + " FROM file_entry WHERE project = :project"
                        + " AND (expires IS NULL OR expires > :now)"
                        + (purpose == null ? "" : " AND purpose = :purpose")
                        + (after == null
                                ? ""
                                : " AND (created " + sign + " :created OR (created = :created AND id " + sign
                                        + " :id))")
                        + " ORDER BY " + order + " FETCH FIRST :limit ROWS ONLY")
                .bind("project", project)
                .bind("now", now.toEpochMilli())
                .bind("limit", limit);
        if (purpose != null) {
            query.bind("purpose", purpose);
        }
        if (after != null) {
            query.bind("created", after.file().created().toEpochMilli())
                    .bind("id", after.file().id());
        }
        return query.map(ROW).list();
    }

    static List<Entry> expired(Handle handle, Instant now, int limit) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM file_entry WHERE expires <= :now FETCH FIRST :limit ROWS ONLY")
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    static boolean exists(Handle handle, String id) {
        return handle.createQuery("SELECT COUNT(*) FROM file_entry WHERE id = :id")
                        .bind("id", id)
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    static boolean delete(Handle handle, String project, String id) {
        return handle.createUpdate("DELETE FROM file_entry WHERE id = :id AND project = :project")
                        .bind("id", id)
                        .bind("project", project)
                        .execute()
                > 0;
    }
}
