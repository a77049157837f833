package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import org.llmfactory.rest.Json;

/** How evaluations, runs and their items lie in their tables. */
final class RunRows {
    static final String RUN =
            "SELECT id, evaluation, name, status, created, finished, caller, request, tally, error FROM evaluation_run ";

    static final RowMapper<Evaluation> EVALUATION_ROW = (row, context) -> new Evaluation(
            row.getString("id"),
            row.getString("project"),
            row.getString("owner"),
            row.getString("name"),
            row.getLong("created"),
            row.getLong("updated"),
            Json.stored(row.getString("document"), ObjectNode.class));

    static final RowMapper<Run> RUN_ROW = (row, context) -> {
        long finished = row.getLong("finished");
        Long end = row.wasNull() ? null : finished;
        @Nullable String error = row.getString("error");
        return new Run(
                row.getString("id"),
                row.getString("evaluation"),
                row.getString("name"),
                Status.of(row.getString("status")),
                row.getLong("created"),
                end,
                Json.stored(row.getString("caller"), ObjectNode.class),
                Json.stored(row.getString("request"), ObjectNode.class),
                new Tally(Json.stored(row.getString("tally"), ObjectNode.class)),
                error == null ? null : Json.stored(error, ObjectNode.class));
    };

    static final RowMapper<Graded> ITEM_ROW = (row, context) -> new Graded(
            row.getInt("number"),
            row.getString("id"),
            row.getLong("created"),
            row.getString("status"),
            Json.stored(row.getString("results"), ArrayNode.class));

    private RunRows() {}

    static Optional<Run> find(Handle handle, String id) {
        return handle.createQuery(RUN + "WHERE id = :id")
                .bind("id", id)
                .map(RUN_ROW)
                .findOne();
    }

    static List<Run> runs(Handle handle, String evaluation) {
        return handle.createQuery(RUN + "WHERE evaluation = :evaluation ORDER BY created, id")
                .bind("evaluation", evaluation)
                .map(RUN_ROW)
                .list();
    }
}
