package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.llmfactory.evaluation.model.Costs;
import org.llmfactory.evaluation.work.Leases;
import org.llmfactory.rest.Json;

/**
 * Runs as those see them who work on them. A run has one holder at a time, for the time of a lease; what another writes is
 * refused, so that each row counts once.
 */
public final class RunQueue {
    private final Jdbi tables;
    private final Clock clock;
    private final Leases leases;

    public RunQueue(Jdbi tables, Leases leases, Clock clock) {
        this.tables = tables;
        this.clock = clock;
        this.leases = leases;
    }

    /** Takes the run that has waited longest, or whose holder is gone; empty when there is none. */
    Optional<Run> take(String holder) {
        return tables.inTransaction(handle -> leases.take(handle, holder).flatMap(id -> RunRows.find(handle, id)));
    }

    /** The rows that have been measured. */
    Set<Integer> done(String run) {
        return tables.withHandle(handle -> handle.createQuery("SELECT number FROM evaluation_item WHERE run = :run")
                .bind("run", run)
                .mapTo(Integer.class)
                .collect(Collectors.toSet()));
    }

    /** Goes on holding a run; false when it is not the holder's any more. */
    boolean renew(String run, String holder) {
        return tables.withHandle(handle -> leases.hold(handle, run, holder));
    }

    /** Lets a run go, so that another agent goes on with it at once. */
    void release(String run, String holder) {
        tables.useHandle(handle -> leases.release(handle, run, holder));
    }

    /**
     * Enters a row and the sums with it.
     *
     * @return false when the run is not the holder's any more; then nothing is entered
     */
    boolean enter(Run run, String holder, Graded row, ObjectNode sample, Costs costs) {
        return tables.inTransaction(handle -> {
            if (!leases.hold(handle, run.id(), holder)) {
                return false;
            }
            handle.createUpdate("INSERT INTO evaluation_item (run, number, id, created, status, results)"
                            + " VALUES (:run, :number, :id, :created, :status, :results)")
                    .bind("run", run.id())
                    .bind("number", row.number())
                    .bind("id", row.id())
                    .bind("created", row.created())
                    .bind("status", row.status())
                    .bind("results", Json.text(row.results()))
                    .execute();
            run.tally().add(row, sample, costs);
            handle.createUpdate("UPDATE evaluation_run SET tally = :tally WHERE id = :id")
                    .bind("tally", Json.text(run.tally().toJson()))
                    .bind("id", run.id())
                    .execute();
            return true;
        });
    }

    /** Ends a run, unless it is not the holder's any more. */
    void end(Run run, String holder, Status status, @Nullable ObjectNode error) {
        tables.useHandle(handle -> handle.createUpdate("UPDATE evaluation_run SET status = :status, finished = :now,"
                        + " adapter = :adapter, error = :error, tally = :tally WHERE id = :id AND holder = :holder AND"
                        + " status = 'in_progress'")
                .bind("status", status.word())
                .bind("now", clock.millis())
                .bind("adapter", run.tally().adapter().orElse(null))
                .bind("error", error == null ? null : Json.text(error))
                .bind("tally", Json.text(run.tally().toJson()))
                .bind("id", run.id())
                .bind("holder", holder)
                .execute());
    }
}
