package org.llmfactory.auth.password;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The statements on passwords. */
final class PasswordTable {
    private PasswordTable() {}

    static Optional<Argon2Hash> find(Handle handle, String principal) {
        return handle.createQuery("SELECT hash FROM password_hash WHERE principal = :principal")
                .bind("principal", principal)
                .map((row, context) -> Argon2Hash.parse(row.getString("hash")))
                .findOne();
    }

    static void put(Handle handle, String principal, Argon2Hash hash, Instant now) {
        int updated = handle.createUpdate(
                        "UPDATE password_hash SET hash = :hash, changed_at = :now WHERE principal = :principal")
                .bind("hash", hash.format())
                .bind("now", now.toEpochMilli())
                .bind("principal", principal)
                .execute();
        if (updated == 0) {
            handle.createUpdate(
                            "INSERT INTO password_hash (principal, hash, changed_at) VALUES (:principal, :hash, :now)")
                    .bind("principal", principal)
                    .bind("hash", hash.format())
                    .bind("now", now.toEpochMilli())
                    .execute();
        }
    }

    /** Puts a stronger hash of the same password; not when it was changed meanwhile. */
    static void renew(Handle handle, String principal, Argon2Hash old, Argon2Hash renewed) {
        handle.createUpdate("UPDATE password_hash SET hash = :renewed WHERE principal = :principal AND hash = :old")
                .bind("renewed", renewed.format())
                .bind("principal", principal)
                .bind("old", old.format())
                .execute();
    }
}
