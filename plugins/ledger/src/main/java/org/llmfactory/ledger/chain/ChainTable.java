package org.llmfactory.ledger.chain;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.StatementContext;

/** The table of entries. */
public final class ChainTable {
    /** Columns of a row as {@link #row} reads them. */
    public static final String COLUMNS = "chain, seq, id, effective_at, standard, event_type, project, actor, api_key,"
            + " target, entry, previous, hash";

    private ChainTable() {}

    /** Adds entries. */
    public static void insert(Handle handle, List<ChainEntry> entries) {
        PreparedBatch batch = handle.prepareBatch(
                "INSERT INTO audit_entry (" + COLUMNS + ") VALUES"
                        + " (:chain, :seq, :id, :at, :standard, :type, :project, :actor, :apiKey, :target, :entry, :previous, :hash)");
        for (ChainEntry entry : entries) {
            ChainEntry.Link link = entry.link();
            ChainEntry.Index index = entry.index();
            batch.bind("chain", link.chain())
                    .bind("seq", link.sequence())
                    .bind("id", link.id())
                    .bind("at", link.at())
                    .bind("standard", index.standard() ? 1 : 0)
                    .bind("type", index.type())
                    .bind("project", index.project().orElse(null))
                    .bind("actor", index.actor())
                    .bind("apiKey", index.apiKey().orElse(null))
                    .bind("target", index.resource().orElse(null))
                    .bind("entry", entry.text())
                    .bind("previous", entry.previous())
                    .bind("hash", entry.hash())
                    .add();
        }
        batch.execute();
    }

    /** Entries of a chain behind a place, in their order, at most so many. */
    public static List<ChainEntry> after(Handle handle, String chain, long sequence, int limit) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM audit_entry WHERE chain = :chain AND seq > :seq"
                        + " ORDER BY chain, seq FETCH FIRST " + limit + " ROWS ONLY")
                .bind("chain", chain)
                .bind("seq", sequence)
                .map(ChainTable::row)
                .list();
    }

    /**
     * The end of a chain as the table has it.
     *
     * @param hint a sequence number near the end, or 0
     * @return empty when there is no entry from the hint on
     */
    public static Optional<ChainEntry> last(Handle handle, String chain, long hint) {
        return handle.createQuery("SELECT MAX(seq) FROM audit_entry WHERE chain = :chain AND seq >= :hint")
                .bind("chain", chain)
                .bind("hint", hint)
                .mapTo(Long.class)
                .findOne()
                .flatMap(sequence ->
                        after(handle, chain, sequence - 1, 1).stream().findFirst());
    }

    /** Chains in the table, with the number of their entries. */
    public static List<ChainSize> chains(Handle handle) {
        return handle.createQuery("SELECT chain, COUNT(*) AS entries FROM audit_entry GROUP BY chain ORDER BY chain")
                .map((row, context) -> new ChainSize(row.getString("chain"), row.getLong("entries")))
                .list();
    }

    /** A row as it is, whether it fits together or not. */
    public static ChainEntry row(ResultSet row, StatementContext context) throws SQLException {
        ChainEntry.Link link = new ChainEntry.Link(
                row.getString("chain"), row.getLong("seq"), row.getString("id"), row.getLong("effective_at"));
        ChainEntry.Index index = new ChainEntry.Index(
                row.getInt("standard") == 1,
                row.getString("event_type"),
                Optional.ofNullable(row.getString("project")),
                row.getString("actor"),
                Optional.ofNullable(row.getString("api_key")),
                Optional.ofNullable(row.getString("target")));
        return new ChainEntry(link, index, row.getString("entry"), row.getString("previous"), row.getString("hash"));
    }

    /** How many entries a chain has. */
    public record ChainSize(String chain, long entries) {}
}
