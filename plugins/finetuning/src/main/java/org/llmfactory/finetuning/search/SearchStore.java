package org.llmfactory.finetuning.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.database.Ids;
import org.llmfactory.finetuning.job.Status;
import org.llmfactory.rest.Json;

/** Searches and their trials in their tables. No change is made without its entry in the ledger. */
public final class SearchStore {
    private static final String COLUMNS = "id, project, owner, status, created, finished, best, request";

    private static final RowMapper<Search> SEARCH = (row, context) -> {
        long finished = row.getLong("finished");
        Long end = row.wasNull() ? null : finished;
        int best = row.getInt("best");
        Integer number = row.wasNull() ? null : best;
        return new Search(
                row.getString("id"),
                row.getString("project"),
                row.getString("owner"),
                Status.of(row.getString("status")),
                row.getLong("created"),
                end,
                number,
                Json.stored(row.getString("request"), SearchRequest.class));
    };

    private static final RowMapper<StoredTrial> TRIAL = (row, context) -> {
        double loss = row.getDouble("loss");
        Double measured = row.wasNull() ? null : loss;
        return new StoredTrial(
                row.getInt("number"),
                row.getString("job"),
                values(row.getString("values_json")),
                StoredTrial.State.valueOf(row.getString("state")),
                measured,
                row.getInt("looked"));
    };

    private final Jdbi tables;
    private final Ledger ledger;
    private final Clock clock;

    public SearchStore(Jdbi tables, Ledger ledger, Clock clock) {
        this.tables = tables;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** A new search, without trials. */
    public Search create(String project, String owner, SearchRequest request, Actor actor) {
        Search search = new Search(
                Ids.next(Search.PREFIX, 8), project, owner, Status.RUNNING, clock.millis(), null, null, request);
        tables.useTransaction(handle -> {
            handle.createUpdate(
                            "INSERT INTO training_search (id, project, owner, status, created, turn, cleaned, request)"
                                    + " VALUES (:id, :project, :owner, :status, :created, 0, 0, :request)")
                    .bind("id", search.id())
                    .bind("project", project)
                    .bind("owner", owner)
                    .bind("status", Status.RUNNING.word())
                    .bind("created", search.created())
                    .bind("request", Json.text(request))
                    .execute();
            record("created", search, actor);
        });
        return search;
    }

    public Optional<Search> find(String id) {
        return tables.withHandle(handle -> find(handle, id));
    }

    /** The searches of a project, oldest first. */
    public List<Search> list(String project) {
        return tables.withHandle(handle -> handle.createQuery(
                        "SELECT " + COLUMNS + " FROM training_search WHERE project = :project ORDER BY created, id")
                .bind("project", project)
                .map(SEARCH)
                .list());
    }

    /** The trials of a search, in their order. */
    public List<StoredTrial> trials(String search) {
        return tables.withHandle(handle -> trials(handle, search));
    }

    /**
     * Ends a search; what its trials have made stays.
     *
     * @throws FactoryException {@code CONFLICT} when it has ended
     */
    public Search cancel(String id, Actor actor) {
        return tables.inTransaction(handle -> {
            if (!end(handle, id, Status.CANCELLED, null, actor)) {
                throw new FactoryException(ErrorCode.CONFLICT, "The search has ended already.");
            }
            return find(handle, id).orElseThrow();
        });
    }

    /** Searches that go on. */
    List<String> running() {
        return ids("SELECT id FROM training_search WHERE status = 'running' ORDER BY created, id");
    }

    /** Ended searches whose trials may still run, or have left something. */
    List<String> toClean() {
        return ids("SELECT id FROM training_search WHERE status <> 'running' AND cleaned = 0");
    }

    private List<String> ids(String query) {
        return tables.withHandle(
                handle -> handle.createQuery(query).mapTo(String.class).list());
    }

    /** Does something with a running search that no other agent does at the same time; empty when it does not run. */
    <T> Optional<T> inTurn(String id, Function<Handle, T> work) {
        return tables.inTransaction(handle ->
                handle.createUpdate("UPDATE training_search SET turn = turn + 1 WHERE id = :id AND status = 'running'")
                                        .bind("id", id)
                                        .execute()
                                == 1
                        ? Optional.of(work.apply(handle))
                        : Optional.empty());
    }

    Optional<Search> find(Handle handle, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM training_search WHERE id = :id")
                .bind("id", id)
                .map(SEARCH)
                .findOne();
    }

    List<StoredTrial> trials(Handle handle, String search) {
        return handle.createQuery("SELECT number, job, values_json, state, loss, looked FROM training_trial"
                        + " WHERE search = :search ORDER BY number")
                .bind("search", search)
                .map(TRIAL)
                .list();
    }

    void add(Handle handle, String search, StoredTrial trial) {
        handle.createUpdate("INSERT INTO training_trial (search, number, job, values_json, state, loss, looked)"
                        + " VALUES (:search, :number, :job, :values, :state, :loss, :looked)")
                .bind("search", search)
                .bind("number", trial.number())
                .bind("job", trial.job())
                .bind("values", Json.text(trial.values()))
                .bind("state", trial.state().name())
                .bind("loss", trial.loss())
                .bind("looked", trial.looked())
                .execute();
    }

    void change(Handle handle, String search, StoredTrial trial) {
        handle.createUpdate("UPDATE training_trial SET state = :state, loss = :loss, looked = :looked"
                        + " WHERE search = :search AND number = :number")
                .bind("state", trial.state().name())
                .bind("loss", trial.loss())
                .bind("looked", trial.looked())
                .bind("search", search)
                .bind("number", trial.number())
                .execute();
    }

    /** Ends a running search; false when it has ended. */
    boolean end(Handle handle, String id, Status status, @Nullable Integer best, Actor actor) {
        int changed = handle.createUpdate("UPDATE training_search SET status = :status, finished = :now, best = :best"
                        + " WHERE id = :id AND status = 'running'")
                .bind("status", status.word())
                .bind("now", clock.millis())
                .bind("best", best)
                .bind("id", id)
                .execute();
        if (changed == 1) {
            record(status.word(), find(handle, id).orElseThrow(), actor);
        }
        return changed == 1;
    }

    void cleaned(String id) {
        tables.useHandle(handle -> handle.createUpdate("UPDATE training_search SET cleaned = 1 WHERE id = :id")
                .bind("id", id)
                .execute());
    }

    private void record(String what, Search search, Actor actor) {
        ledger.record(AuditEvent.of("fine_tuning.search." + what, actor, Optional.of(search.project()), search.id())
                .with(Map.of(
                        "model",
                        search.request().job().model(),
                        "training_file",
                        search.request().job().trainingFile())));
    }

    private static Map<String, Double> values(String text) {
        Map<String, Double> values = new HashMap<>();
        Json.stored(text, ObjectNode.class)
                .properties()
                .forEach(field -> values.put(field.getKey(), field.getValue().doubleValue()));
        return values;
    }
}
