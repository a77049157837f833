package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.database.Ids;
import org.llmfactory.evaluation.model.Principal;
import org.llmfactory.evaluation.work.Leases;
import org.llmfactory.rest.Json;

/** Evaluations and runs as people see and change them. No change is made without its entry in the ledger. */
public final class Evaluations {
    private final Jdbi tables;
    private final Leases leases;
    private final Ledger ledger;
    private final ObjectStore store;
    private final Clock clock;

    public Evaluations(Jdbi tables, Leases leases, Ledger ledger, ObjectStore store, Clock clock) {
        this.tables = tables;
        this.leases = leases;
        this.ledger = ledger;
        this.store = store;
        this.clock = clock;
    }

    /** A new evaluation, without runs. */
    public Evaluation create(Caller caller, String name, ObjectNode document, Actor actor) {
        long now = clock.millis();
        Evaluation made =
                new Evaluation(Ids.next(Evaluation.PREFIX), caller.project(), caller.id(), name, now, now, document);
        tables.useTransaction(handle -> {
            handle.createUpdate("INSERT INTO evaluation (id, project, owner, name, created, updated, document) VALUES"
                            + " (:id, :project, :owner, :name, :created, :created, :document)")
                    .bind("id", made.id())
                    .bind("project", made.project())
                    .bind("owner", made.owner())
                    .bind("name", name)
                    .bind("created", now)
                    .bind("document", Json.text(document))
                    .execute();
            record("evaluation.created", actor, made, made.id());
        });
        return made;
    }

    public Optional<Evaluation> find(String id) {
        return tables.withHandle(handle -> find(handle, id));
    }

    private static Optional<Evaluation> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM evaluation WHERE id = :id")
                .bind("id", id)
                .map(RunRows.EVALUATION_ROW)
                .findOne();
    }

    /** The evaluations of a project, oldest first. */
    public List<Evaluation> list(String project) {
        return tables.withHandle(
                handle -> handle.createQuery("SELECT * FROM evaluation WHERE project = :project ORDER BY created, id")
                        .bind("project", project)
                        .map(RunRows.EVALUATION_ROW)
                        .list());
    }

    /** Gives it another name, and other metadata within its document. */
    public Evaluation change(Evaluation changed, Actor actor) {
        return tables.inTransaction(handle -> {
            handle.createUpdate(
                            "UPDATE evaluation SET name = :name, document = :document, updated = :now WHERE id = :id")
                    .bind("name", changed.name())
                    .bind("document", Json.text(changed.document()))
                    .bind("now", clock.millis())
                    .bind("id", changed.id())
                    .execute();
            record("evaluation.updated", actor, changed, changed.id());
            return find(handle, changed.id()).orElseThrow();
        });
    }

    /**
     * Removes an evaluation with all its runs.
     *
     * @throws FactoryException {@code UNAVAILABLE} when the store cannot remove what the runs left; then nothing is
     */
    public void delete(Evaluation evaluation, Actor actor) {
        List<Run> runs = runs(evaluation.id());
        tables.useTransaction(handle -> {
            handle.createUpdate("DELETE FROM evaluation WHERE id = :id")
                    .bind("id", evaluation.id())
                    .execute();
            record("evaluation.deleted", actor, evaluation, evaluation.id());
            runs.forEach(this::clear);
        });
    }

    /**
     * A new run, which waits for its turn.
     *
     * @param request with {@code data_source}; rows in it go to the object store
     * @throws FactoryException {@code UNAVAILABLE} when the store cannot take them
     */
    public Run order(Evaluation evaluation, Caller caller, String name, ObjectNode request, Actor actor) {
        String id = Ids.next(Run.PREFIX);
        ObjectNode stored = request.deepCopy();
        ObjectNode source = (ObjectNode) request.path("data_source");
        stored.set("data_source", DataSource.withoutRows(source));
        return tables.inTransaction(handle -> {
            handle.createUpdate("INSERT INTO evaluation_run (id, evaluation, name, status, created, lease, caller,"
                            + " request, tally) VALUES (:id, :evaluation, :name, :status, :created, 0, :caller, :request,"
                            + " '{}')")
                    .bind("id", id)
                    .bind("evaluation", evaluation.id())
                    .bind("name", name)
                    .bind("status", Status.QUEUED.word())
                    .bind("created", clock.millis())
                    .bind("caller", Json.text(Principal.write(caller)))
                    .bind("request", Json.text(stored))
                    .execute();
            record("evaluation.run.created", actor, evaluation, id);
            keep(Run.rowsKey(caller.project(), id), source.path("source").path("content"));
            return RunRows.find(handle, id).orElseThrow();
        });
    }

    public Optional<Run> run(String id) {
        return tables.withHandle(handle -> RunRows.find(handle, id));
    }

    /** The runs of an evaluation, oldest first. */
    public List<Run> runs(String evaluation) {
        return tables.withHandle(handle -> RunRows.runs(handle, evaluation));
    }

    /** A run with what it was measured by. */
    public record Measured(Evaluation evaluation, Run run) {}

    /** The completed runs of a project that an adapter has answered alone, newest first. */
    public List<Measured> of(String digest, String project) {
        List<Measured> found = new ArrayList<>();
        tables.useHandle(handle -> handle.createQuery(
                        RunRows.RUN + "WHERE adapter = :adapter AND status = 'completed' ORDER BY created DESC, id")
                .bind("adapter", digest)
                .map(RunRows.RUN_ROW)
                .forEach(run -> find(handle, run.evaluation())
                        .filter(evaluation -> evaluation.project().equals(project))
                        .ifPresent(evaluation -> found.add(new Measured(evaluation, run)))));
        return found;
    }

    /** What has come of one row of a run. */
    public Optional<Graded> item(String run, String id) {
        return tables.withHandle(
                handle -> handle.createQuery("SELECT * FROM evaluation_item WHERE id = :id AND run = :run")
                        .bind("id", id)
                        .bind("run", run)
                        .map(RunRows.ITEM_ROW)
                        .findOne());
    }

    /** What has come of the rows of a run, in their order. */
    public List<Graded> items(String run) {
        return tables.withHandle(
                handle -> handle.createQuery("SELECT * FROM evaluation_item WHERE run = :run ORDER BY number")
                        .bind("run", run)
                        .map(RunRows.ITEM_ROW)
                        .list());
    }

    /**
     * Ends a run; what has been measured stays.
     *
     * @throws FactoryException {@code CONFLICT} when it has ended
     */
    public Run cancel(Evaluation evaluation, Run run, Actor actor) {
        return tables.inTransaction(handle -> {
            if (!leases.cancel(handle, run.id())) {
                throw new FactoryException(ErrorCode.CONFLICT, "The run has ended already.");
            }
            record("evaluation.run.canceled", actor, evaluation, run.id());
            return RunRows.find(handle, run.id()).orElseThrow();
        });
    }

    /**
     * Removes a run and all that it has measured.
     *
     * @throws FactoryException {@code UNAVAILABLE} when the store cannot remove it; then nothing is
     */
    public void delete(Evaluation evaluation, Run run, Actor actor) {
        tables.useTransaction(handle -> {
            handle.createUpdate("DELETE FROM evaluation_run WHERE id = :id")
                    .bind("id", run.id())
                    .execute();
            record("evaluation.run.deleted", actor, evaluation, run.id());
            clear(run);
        });
    }

    private void keep(String key, JsonNode rows) {
        if (rows.isMissingNode()) {
            return;
        }
        try {
            store.put(key, new ByteArrayInputStream(Json.write(rows)));
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The store cannot take the rows at present.", e);
        }
    }

    private void clear(Run run) {
        try {
            store.deleteAll(run.prefix());
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The store cannot be reached at present.", e);
        }
    }

    private void record(String what, Actor actor, Evaluation evaluation, String id) {
        ledger.record(AuditEvent.of(what, actor, Optional.of(evaluation.project()), id)
                .with(Map.of("name", evaluation.name())));
    }
}
