package org.llmfactory.ledger.transcript;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The table of sealed transcripts. */
public final class TranscriptTable {
    private TranscriptTable() {}

    /**
     * A row.
     *
     * @param id of the entry it belongs to
     * @param at when it was entered, in milliseconds since 1970
     */
    public record Row(String id, long at, String sealed) {}

    /** Adds transcripts. */
    public static void insert(Handle handle, List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        PreparedBatch batch = handle.prepareBatch(
                "INSERT INTO audit_transcript (id, effective_at, sealed) VALUES (:id, :at, :sealed)");
        for (Row row : rows) {
            batch.bind("id", row.id())
                    .bind("at", row.at())
                    .bind("sealed", row.sealed())
                    .add();
        }
        batch.execute();
    }

    /** The transcript of an entry, unless it was deleted or never kept. */
    public static Optional<String> find(Handle handle, String id) {
        return handle.createQuery("SELECT sealed FROM audit_transcript WHERE id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne();
    }

    /** Deletes those entered before a time; says how many. */
    public static int deleteBefore(Handle handle, long at) {
        return handle.createUpdate("DELETE FROM audit_transcript WHERE effective_at < :at")
                .bind("at", at)
                .execute();
    }
}
