package org.llmfactory.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The rows, and nothing of what is in them. Times are milliseconds since 1970. */
final class ChatTable {
    private static final String COLUMNS = "project, id, owner, model, created, metadata, request, completion";

    private static final RowMapper<ChatRow> ROW = (row, context) -> new ChatRow(
            row.getString("project"),
            row.getString("id"),
            row.getString("owner"),
            row.getString("model"),
            row.getLong("created"),
            row.getBytes("metadata"),
            row.getBytes("request"),
            row.getBytes("completion"));

    private final Jdbi tables;

    ChatTable(Jdbi tables) {
        this.tables = tables;
    }

    /**
     * What to look for.
     *
     * @param since chats that were created before are not shown
     * @param labels digests that must all be there
     * @param after the chat before the page
     */
    record Search(
            String project,
            long since,
            @Nullable String owner,
            @Nullable String model,
            List<String> labels,
            @Nullable String after,
            int limit,
            boolean descending) {}

    void save(ChatRow row, @Nullable Long expires, List<String> labels) {
        tables.useTransaction(handle -> {
            delete(handle, row.project(), row.id());
            handle.createUpdate("INSERT INTO chat (project, id, owner, model, created, expires, metadata, request,"
                            + " completion) VALUES (:project, :id, :owner, :model, :created, :expires, :metadata,"
                            + " :request, :completion)")
                    .bind("project", row.project())
                    .bind("id", row.id())
                    .bind("owner", row.owner())
                    .bind("model", row.model())
                    .bind("created", row.created())
                    .bind("metadata", row.metadata())
                    .bind("request", row.request())
                    .bind("completion", row.completion())
                    .bind("expires", expires)
                    .execute();
            label(handle, row.project(), row.id(), labels);
        });
    }

    Optional<ChatRow> find(String project, String id, long since) {
        return tables.withHandle(handle -> find(handle, project, id, since));
    }

    List<ChatRow> list(Search search) {
        return tables.withHandle(handle -> {
            Optional<ChatRow> after = Optional.ofNullable(search.after())
                    .flatMap(id -> find(handle, search.project(), id, search.since()));
            if (search.after() != null && after.isEmpty()) {
                return List.of();
            }
            return query(handle, search, after.orElse(null)).map(ROW).list();
        });
    }

    /** Replaces the metadata; empty when there is no such chat. */
    Optional<ChatRow> update(String project, String id, long since, byte[] metadata, List<String> labels) {
        return tables.inTransaction(handle -> {
            int changed = handle.createUpdate("UPDATE chat SET metadata = :metadata"
                            + " WHERE project = :project AND id = :id AND created >= :since")
                    .bind("metadata", metadata)
                    .bind("project", project)
                    .bind("id", id)
                    .bind("since", since)
                    .execute();
            if (changed == 0) {
                return Optional.empty();
            }
            handle.createUpdate("DELETE FROM chat_label WHERE project = :project AND chat = :id")
                    .bind("project", project)
                    .bind("id", id)
                    .execute();
            label(handle, project, id, labels);
            return find(handle, project, id, since);
        });
    }

    boolean delete(String project, String id, long since) {
        return tables.inTransaction(
                handle -> find(handle, project, id, since).isPresent() && delete(handle, project, id) > 0);
    }

    /** The projects that have chats. */
    List<String> projects() {
        return tables.withHandle(handle -> handle.createQuery("SELECT DISTINCT project FROM chat ORDER BY project")
                .mapTo(String.class)
                .list());
    }

    /** Deletes some chats that were created before; says how many. */
    int deleteCreatedBefore(String project, long time, int limit) {
        return delete(
                "SELECT id FROM chat WHERE project = :project AND created < :time FETCH FIRST :limit ROWS ONLY",
                project,
                time,
                limit);
    }

    /** Deletes some chats that have expired by what held when they were saved; says how many. */
    int deleteExpired(String project, long time, int limit) {
        return delete(
                "SELECT id FROM chat WHERE project = :project AND expires < :time FETCH FIRST :limit ROWS ONLY",
                project,
                time,
                limit);
    }

    private int delete(String choice, String project, long time, int limit) {
        return tables.inTransaction(handle -> {
            List<String> ids = handle.createQuery(choice)
                    .bind("project", project)
                    .bind("time", time)
                    .bind("limit", limit)
                    .mapTo(String.class)
                    .list();
            ids.forEach(id -> delete(handle, project, id));
            return ids.size();
        });
    }

    private static int delete(Handle handle, String project, String id) {
        return handle.createUpdate("DELETE FROM chat WHERE project = :project AND id = :id")
                .bind("project", project)
                .bind("id", id)
                .execute();
    }

    private static void label(Handle handle, String project, String chat, List<String> labels) {
        if (labels.isEmpty()) {
            return;
        }
        PreparedBatch batch =
                handle.prepareBatch("INSERT INTO chat_label (project, chat, digest) VALUES (:project, :chat, :digest)");
        labels.forEach(digest -> batch.bind("project", project)
                .bind("chat", chat)
                .bind("digest", digest)
                .add());
        batch.execute();
    }

    private static Optional<ChatRow> find(Handle handle, String project, String id, long since) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM chat WHERE project = :project AND id = :id"
                        + " AND created >= :since")
                .bind("project", project)
                .bind("id", id)
                .bind("since", since)
                .map(ROW)
                .findOne();
    }

    /** Puts constant conditions together; every value is bound. */
    private static Query query(Handle handle, Search search, @Nullable ChatRow after) {
        List<String> conditions = new ArrayList<>(List.of("project = :project", "created >= :since"));
        if (search.owner() != null) {
            conditions.add("owner = :owner");
        }
        if (search.model() != null) {
            conditions.add("model = :model");
        }
        for (int i = 0; i < search.labels().size(); i++) {
            conditions.add("EXISTS (SELECT 1 FROM chat_label WHERE chat_label.project = chat.project"
                    + " AND chat_label.chat = chat.id AND digest = :label" + i + ")");
        }
        if (after != null) {
            conditions.add(
                    search.descending()
                            ? "(created < :created OR (created = :created AND id < :after))"
                            : "(created > :created OR (created = :created AND id > :after))");
        }
        String order = search.descending() ? "created DESC, id DESC" : "created, id";
        Query query = handle.createQuery("SELECT " + COLUMNS + " FROM chat WHERE " + String.join(" AND ", conditions)
                        + " ORDER BY " + order + " FETCH FIRST :limit ROWS ONLY")
                .bind("project", search.project())
                .bind("since", search.since())
                .bind("limit", search.limit());
        if (search.owner() != null) {
            query.bind("owner", search.owner());
        }
        if (search.model() != null) {
            query.bind("model", search.model());
        }
        for (int i = 0; i < search.labels().size(); i++) {
            query.bind("label" + i, search.labels().get(i));
        }
        if (after != null) {
            query.bind("created", after.created()).bind("after", after.id());
        }
        return query;
    }
}
