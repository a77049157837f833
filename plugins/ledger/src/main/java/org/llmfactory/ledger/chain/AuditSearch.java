package org.llmfactory.ledger.chain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Finds entries, newest first. The conditions are fixed texts; every value is bound. */
public final class AuditSearch {
    private static final String OLDER =
            "effective_at <= :at AND (effective_at < :at OR chain < :chain" + " OR (chain = :chain AND seq < :seq))";
    private static final String NEWER =
            "effective_at >= :at AND (effective_at > :at OR chain > :chain" + " OR (chain = :chain AND seq > :seq))";

    private final AuditFilter filter;
    private final List<String> conditions = new ArrayList<>();
    private final Map<String, List<String>> lists = new HashMap<>();

    /**
     * Entries and whether there are more in the direction that was looked.
     *
     * @param entries newest first
     */
    public record Found(List<ChainEntry> entries, boolean more) {
        public Found {
            entries = List.copyOf(entries);
        }
    }

    /** A search for what the filter lets through. */
    public AuditSearch(AuditFilter filter) {
        this.filter = filter;
        conditions.add("effective_at >= :from AND effective_at < :until");
        filter.visible().ifPresent(projects -> in("visible", "project IN (<visible>)", projects));
        addIf("projects", "project IN (<projects>)", filter.projects());
        addIf("types", "event_type IN (<types>)", filter.types());
        filter.actors().ifPresent(ids -> in("actors", "(actor IN (<actors>) OR api_key IN (<actors>))", ids));
        addIf("resources", "target IN (<resources>)", filter.resources());
        if (filter.types().isEmpty() && !filter.extensions()) {
            conditions.add("standard = 1");
        }
    }

    /** The newest entries. */
    public Found newest(Handle handle, int limit) {
        return find(handle, null, OLDER, "DESC", limit);
    }

    /** Entries next older than another. */
    public Found older(Handle handle, ChainEntry than, int limit) {
        return find(handle, than, OLDER, "DESC", limit);
    }

    /** Entries next newer than another. */
    public Found newer(Handle handle, ChainEntry than, int limit) {
        Found found = find(handle, than, NEWER, "ASC", limit);
        List<ChainEntry> entries = new ArrayList<>(found.entries());
        Collections.reverse(entries);
        return new Found(entries, found.more());
    }

    /** One entry, if the caller may see it. */
    public static Optional<ChainEntry> byId(Handle handle, Optional<List<String>> visible, String id) {
        return handle.createQuery("SELECT " + ChainTable.COLUMNS + " FROM audit_entry WHERE id = :id")
                .bind("id", id)
                .map(ChainTable::row)
                .findOne()
                .filter(entry -> visible.isEmpty()
                        || entry.index()
                                .project()
                                .filter(visible.get()::contains)
                                .isPresent());
    }

    private Found find(Handle handle, @Nullable ChainEntry cursor, String side, String direction, int limit) {
        List<String> all = new ArrayList<>(conditions);
        if (cursor != null) {
            all.add(side);
        }
        String order = "effective_at " + direction + ", chain " + direction + ", seq " + direction;
        Query query = handle.createQuery("SELECT " + ChainTable.COLUMNS + " FROM audit_entry WHERE "
                        + String.join(" AND ", all) + " ORDER BY " + order
                        + " FETCH FIRST " + (limit + 1) + " ROWS ONLY")
                .bind("from", filter.from())
                .bind("until", filter.until());
        lists.forEach((name, values) -> query.bindList(name, values));
        if (cursor != null) {
            query.bind("at", cursor.link().at())
                    .bind("chain", cursor.link().chain())
                    .bind("seq", cursor.link().sequence());
        }
        List<ChainEntry> rows = query.map(ChainTable::row).list();
        boolean more = rows.size() > limit;
        return new Found(more ? rows.subList(0, limit) : rows, more);
    }

    private void addIf(String name, String condition, List<String> values) {
        if (!values.isEmpty()) {
            in(name, condition, values);
        }
    }

    private void in(String name, String condition, List<String> values) {
        conditions.add(values.isEmpty() ? "1 = 0" : condition);
        if (!values.isEmpty()) {
            lists.put(name, values);
        }
    }
}
