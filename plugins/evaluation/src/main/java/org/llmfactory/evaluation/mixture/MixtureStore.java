package org.llmfactory.evaluation.mixture;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.database.Ids;
import org.llmfactory.evaluation.model.Principal;
import org.llmfactory.evaluation.run.Status;
import org.llmfactory.evaluation.work.Leases;
import org.llmfactory.rest.Json;

/** Searches and their trials in their tables. What people change has its entry in the ledger. */
public final class MixtureStore {
    private static final RowMapper<MixtureSearch> SEARCH = (row, context) -> {
        long finished = row.getLong("finished");
        Long end = row.wasNull() ? null : finished;
        return new MixtureSearch(
                row.getString("id"),
                row.getString("project"),
                row.getString("owner"),
                Status.of(row.getString("status")),
                row.getLong("created"),
                end,
                row.getString("preset"),
                Json.stored(row.getString("caller"), ObjectNode.class),
                Json.stored(row.getString("request"), ObjectNode.class),
                object(row.getString("report")),
                object(row.getString("error")));
    };

    private static final RowMapper<MixtureTrial> TRIAL = (row, context) -> new MixtureTrial(
            row.getInt("number"),
            MixtureRequest.weights(Json.stored(row.getString("weights"), ObjectNode.class)),
            row.getInt("correct"),
            row.getInt("total"),
            row.getDouble("loss"));

    private final Jdbi tables;
    private final Ledger ledger;
    private final Clock clock;
    private final Leases leases;

    public MixtureStore(Jdbi tables, Ledger ledger, Clock clock, Duration lease) {
        this.tables = tables;
        this.ledger = ledger;
        this.clock = clock;
        this.leases = new Leases("mixture_search", clock, lease);
    }

    private static @Nullable ObjectNode object(@Nullable String text) {
        return text == null ? null : Json.stored(text, ObjectNode.class);
    }

    /** A new search, which waits for its turn. */
    public MixtureSearch create(Caller caller, ObjectNode request, Actor actor) {
        String id = Ids.next(MixtureSearch.PREFIX);
        return tables.inTransaction(handle -> {
            handle.createUpdate(
                            "INSERT INTO mixture_search (id, project, owner, status, created, lease, caller, request)"
                                    + " VALUES (:id, :project, :owner, :status, :created, 0, :caller, :request)")
                    .bind("id", id)
                    .bind("project", caller.project())
                    .bind("owner", caller.id())
                    .bind("status", Status.QUEUED.word())
                    .bind("created", clock.millis())
                    .bind("caller", Json.text(Principal.write(caller)))
                    .bind("request", Json.text(request))
                    .execute();
            MixtureSearch made = find(handle, id).orElseThrow();
            record("created", made, actor);
            return made;
        });
    }

    public Optional<MixtureSearch> find(String id) {
        return tables.withHandle(handle -> find(handle, id));
    }

    private static Optional<MixtureSearch> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM mixture_search WHERE id = :id")
                .bind("id", id)
                .map(SEARCH)
                .findOne();
    }

    /** The searches of a project, oldest first. */
    public List<MixtureSearch> list(String project) {
        return tables.withHandle(handle -> handle.createQuery(
                        "SELECT * FROM mixture_search WHERE project = :project ORDER BY created, id")
                .bind("project", project)
                .map(SEARCH)
                .list());
    }

    /** The trials of a search, in their order. */
    public List<MixtureTrial> trials(String search) {
        return tables.withHandle(
                handle -> handle.createQuery("SELECT * FROM mixture_trial WHERE search = :search ORDER BY number")
                        .bind("search", search)
                        .map(TRIAL)
                        .list());
    }

    /**
     * Ends a search; its trials stay.
     *
     * @throws FactoryException {@code CONFLICT} when it has ended
     */
    public MixtureSearch cancel(MixtureSearch search, Actor actor) {
        return tables.inTransaction(handle -> {
            if (!leases.cancel(handle, search.id())) {
                throw new FactoryException(ErrorCode.CONFLICT, "The search has ended already.");
            }
            record("canceled", search, actor);
            return find(handle, search.id()).orElseThrow();
        });
    }

    Optional<MixtureSearch> take(String holder) {
        return tables.inTransaction(handle -> leases.take(handle, holder).flatMap(id -> find(handle, id)));
    }

    boolean renew(MixtureSearch search, String holder) {
        return tables.withHandle(handle -> leases.hold(handle, search.id(), holder));
    }

    void release(MixtureSearch search, String holder) {
        tables.useHandle(handle -> leases.release(handle, search.id(), holder));
    }

    /** Enters a trial; false when the search is not the holder's any more. */
    boolean enter(MixtureSearch search, String holder, MixtureTrial trial) {
        return tables.inTransaction(handle -> {
            if (!leases.hold(handle, search.id(), holder)) {
                return false;
            }
            handle.createUpdate("INSERT INTO mixture_trial (search, number, weights, correct, total, loss) VALUES"
                            + " (:search, :number, :weights, :correct, :total, :loss)")
                    .bind("search", search.id())
                    .bind("number", trial.number())
                    .bind("weights", Json.text(MixtureRequest.toJson(trial.weights())))
                    .bind("correct", trial.correct())
                    .bind("total", trial.total())
                    .bind("loss", trial.loss())
                    .execute();
            return true;
        });
    }

    /** Notes the preset that was saved, so that it is saved once; false when the search is not the holder's any more. */
    boolean saved(MixtureSearch search, String holder, String preset) {
        return tables.inTransaction(handle -> leases.hold(handle, search.id(), holder)
                && handle.createUpdate("UPDATE mixture_search SET preset = :preset WHERE id = :id")
                                .bind("preset", preset)
                                .bind("id", search.id())
                                .execute()
                        == 1);
    }

    /** Ends a search, unless it is not the holder's any more. */
    void end(
            MixtureSearch search,
            String holder,
            Status status,
            @Nullable ObjectNode report,
            @Nullable ObjectNode error) {
        tables.useTransaction(handle -> {
            int changed = handle.createUpdate("UPDATE mixture_search SET status = :status, finished = :now,"
                            + " report = :report, error = :error WHERE id = :id AND holder = :holder AND status ="
                            + " 'in_progress'")
                    .bind("status", status.word())
                    .bind("now", clock.millis())
                    .bind("report", report == null ? null : Json.text(report))
                    .bind("error", error == null ? null : Json.text(error))
                    .bind("id", search.id())
                    .bind("holder", holder)
                    .execute();
            if (changed == 1) {
                record(status.word(), search, Actor.system());
            }
        });
    }

    private void record(String what, MixtureSearch search, Actor actor) {
        ledger.record(AuditEvent.of("mixture.search." + what, actor, Optional.of(search.project()), search.id())
                .with(Map.of("model", search.written().path("model").asText())));
    }
}
