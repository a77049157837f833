package org.llmfactory.auth.session;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.identity.OrganizationRole;

/** The statements on browser sessions. Times are epoch milliseconds. */
final class SessionTable {
    private SessionTable() {}

    static void insert(Handle handle, Session session, Instant created) {
        handle.createUpdate(
                        "INSERT INTO browser_session (digest, principal, organization_role, created_at, seen_at, ends_at)"
                                + " VALUES (:digest, :principal, :role, :created, :seen, :ends)")
                .bind("digest", session.digest())
                .bind("principal", session.principal())
                .bind("role", session.role().name())
                .bind("created", created.toEpochMilli())
                .bind("seen", session.seen().toEpochMilli())
                .bind("ends", session.ends().toEpochMilli())
                .execute();
    }

    static Optional<Session> find(Handle handle, String digest) {
        return handle.createQuery("SELECT principal, organization_role, seen_at, ends_at FROM browser_session"
                        + " WHERE digest = :digest")
                .bind("digest", digest)
                .map((row, context) -> new Session(
                        digest,
                        row.getString("principal"),
                        OrganizationRole.valueOf(row.getString("organization_role")),
                        Instant.ofEpochMilli(row.getLong("seen_at")),
                        Instant.ofEpochMilli(row.getLong("ends_at"))))
                .findOne();
    }

    static void seen(Handle handle, String digest, long time) {
        handle.createUpdate("UPDATE browser_session SET seen_at = :time WHERE digest = :digest AND seen_at < :time")
                .bind("time", time)
                .bind("digest", digest)
                .execute();
    }

    static boolean delete(Handle handle, String digest) {
        return handle.createUpdate("DELETE FROM browser_session WHERE digest = :digest")
                        .bind("digest", digest)
                        .execute()
                > 0;
    }

    /** Deletes the sessions of a principal, but for the one with the digest {@code kept}. */
    static void deleteAll(Handle handle, String principal, String kept) {
        handle.createUpdate("DELETE FROM browser_session WHERE principal = :principal AND digest <> :kept")
                .bind("principal", principal)
                .bind("kept", kept)
                .execute();
    }

    static void deleteOld(Handle handle, Instant now, Instant unusedSince) {
        handle.createUpdate("DELETE FROM browser_session WHERE ends_at <= :now OR seen_at <= :unused")
                .bind("now", now.toEpochMilli())
                .bind("unused", unusedSince.toEpochMilli())
                .execute();
    }
}
