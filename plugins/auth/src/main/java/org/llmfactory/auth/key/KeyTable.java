package org.llmfactory.auth.key;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.llmfactory.api.identity.ApiKey;

/** The statements on keys and their secrets. Times are epoch milliseconds. */
final class KeyTable {
    private static final String COLUMNS =
            "k.id, k.kind, k.name, k.owner, k.project, k.scope_json, k.redacted, k.created_at, k.expires_at, k.used_at";
    private static final RowMapper<ApiKey> KEY = KeyTable::key;

    private KeyTable() {}

    static void insert(Handle handle, ApiKey key) {
        handle.createUpdate(
                        "INSERT INTO api_key (id, kind, name, owner, project, scope_json, redacted, created_at, expires_at)"
                                + " VALUES (:id, :kind, :name, :owner, :project, :scope, :redacted, :created, :expires)")
                .bind("id", key.id())
                .bind("kind", key.kind().name())
                .bind("name", key.name())
                .bind("owner", key.owner())
                .bind("project", key.project().orElse(null))
                .bind("scope", ScopeJson.write(key.scope()))
                .bind("redacted", key.redacted())
                .bind("created", key.created().toEpochMilli())
                .bind("expires", key.expires().map(Instant::toEpochMilli).orElse(null))
                .execute();
    }

    static void addSecret(Handle handle, String key, String digest) {
        handle.createUpdate("INSERT INTO api_key_secret (digest, key_id) VALUES (:digest, :key)")
                .bind("digest", digest)
                .bind("key", key)
                .execute();
    }

    /** Ends the secrets of a key, but for those that end sooner; false when there is no such key. */
    static boolean endSecrets(Handle handle, String key, Instant end, String redacted) {
        boolean there = handle.createUpdate("UPDATE api_key SET redacted = :redacted WHERE id = :key")
                        .bind("redacted", redacted)
                        .bind("key", key)
                        .execute()
                > 0;
        handle.createUpdate("UPDATE api_key_secret SET ends_at = :end"
                        + " WHERE key_id = :key AND (ends_at IS NULL OR ends_at > :end)")
                .bind("end", end.toEpochMilli())
                .bind("key", key)
                .execute();
        return there;
    }

    /** Forgets the secrets that have ended. */
    static void purge(Handle handle, Instant now) {
        handle.createUpdate("DELETE FROM api_key_secret WHERE ends_at <= :now")
                .bind("now", now.toEpochMilli())
                .execute();
    }

    static Optional<ApiKey> find(Handle handle, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM api_key k WHERE k.id = :id")
                .bind("id", id)
                .map(KEY)
                .findOne();
    }

    static Optional<KeyRecord> bySecret(Handle handle, String digest) {
        return handle.createQuery("SELECT " + COLUMNS + ", s.ends_at FROM api_key k JOIN api_key_secret s"
                        + " ON s.key_id = k.id WHERE s.digest = :digest")
                .bind("digest", digest)
                .map((row, context) -> KeyRecord.of(key(row, context), time(row, "ends_at")))
                .findOne();
    }

    static List<ApiKey> ofProject(Handle handle, String project) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM api_key k WHERE k.project = :project ORDER BY k.created_at, k.id")
                .bind("project", project)
                .map(KEY)
                .list();
    }

    static List<ApiKey> ofNoProject(Handle handle) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM api_key k WHERE k.project IS NULL ORDER BY k.created_at, k.id")
                .map(KEY)
                .list();
    }

    static List<ApiKey> ofOwner(Handle handle, String owner) {
        return handle.createQuery(
                        "SELECT " + COLUMNS + " FROM api_key k WHERE k.owner = :owner ORDER BY k.created_at, k.id")
                .bind("owner", owner)
                .map(KEY)
                .list();
    }

    static List<ApiKey> ofKind(Handle handle, ApiKey.Kind kind) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM api_key k WHERE k.kind = :kind")
                .bind("kind", kind.name())
                .map(KEY)
                .list();
    }

    static boolean delete(Handle handle, String id) {
        return handle.createUpdate("DELETE FROM api_key WHERE id = :id")
                        .bind("id", id)
                        .execute()
                > 0;
    }

    static void used(Handle handle, String id, long time) {
        handle.createUpdate(
                        "UPDATE api_key SET used_at = :time WHERE id = :id AND (used_at IS NULL OR used_at < :time)")
                .bind("time", time)
                .bind("id", id)
                .execute();
    }

    private static ApiKey key(ResultSet row, StatementContext context) throws SQLException {
        return new ApiKey(
                row.getString("id"),
                ApiKey.Kind.valueOf(row.getString("kind")),
                row.getString("name"),
                row.getString("redacted"),
                row.getString("owner"),
                Optional.ofNullable(row.getString("project")),
                ScopeJson.read(row.getString("scope_json")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                time(row, "expires_at"),
                time(row, "used_at"));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long time = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(time));
    }
}
