package org.llmfactory.evaluation.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.llmfactory.evaluation.model.Costs;

/**
 * Runs as those see them who work on them. A run has one holder at a time, for the time of a lease; what another writes is
 * refused, so that each row counts once.
 */
final class RunQueue {
    private final Jdbi tables;
    private final Clock clock;
    private final Duration lease;

    RunQueue(Jdbi tables, Clock clock, Duration lease) {
        this.tables = tables;
        this.clock = clock;
        this.lease = lease;
    }

    /** Takes the run that has waited longest, or whose holder is gone; empty when there is none. */
    Optional<Run> take(String holder) {
        return tables.inTransaction(handle -> {
            List<String> waiting = handle.createQuery("SELECT id FROM evaluation_run WHERE status = 'queued'"
                            + " OR (status = 'in_progress' AND lease < :now) ORDER BY created, id")
                    .bind("now", clock.millis())
                    .mapTo(String.class)
                    .list();
            for (String id : waiting) {
                if (take(handle, id, holder)) {
                    return RunRows.find(handle, id);
                }
            }
            return Optional.empty();
        });
    }

    private boolean take(Handle handle, String id, String holder) {
        return handle.createUpdate(
                                "UPDATE evaluation_run SET status = 'in_progress', holder = :holder, lease = :lease"
                                        + " WHERE id = :id AND (status = 'queued' OR (status = 'in_progress' AND lease < :now))")
                        .bind("holder", holder)
                        .bind("lease", clock.millis() + lease.toMillis())
                        .bind("now", clock.millis())
                        .bind("id", id)
                        .execute()
                == 1;
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
        return tables.withHandle(handle -> hold(handle, run, holder));
    }

    private boolean hold(Handle handle, String run, String holder) {
        return handle.createUpdate("UPDATE evaluation_run SET lease = :lease WHERE id = :id AND holder = :holder"
                                + " AND status = 'in_progress'")
                        .bind("lease", clock.millis() + lease.toMillis())
                        .bind("id", run)
                        .bind("holder", holder)
                        .execute()
                == 1;
    }

    /** Lets a run go, so that another agent goes on with it at once. */
    void release(String run, String holder) {
        tables.useHandle(
                handle -> handle.createUpdate("UPDATE evaluation_run SET lease = 0 WHERE id = :id AND holder = :holder")
                        .bind("id", run)
                        .bind("holder", holder)
                        .execute());
    }

    /**
     * Enters a row and the sums with it.
     *
     * @return false when the run is not the holder's any more; then nothing is entered
     */
    boolean enter(Run run, String holder, Graded row, ObjectNode sample, Costs costs) {
        return tables.inTransaction(handle -> {
            if (!hold(handle, run.id(), holder)) {
                return false;
            }
            handle.createUpdate("INSERT INTO evaluation_item (run, number, id, created, status, results)"
                            + " VALUES (:run, :number, :id, :created, :status, :results)")
                    .bind("run", run.id())
                    .bind("number", row.number())
                    .bind("id", row.id())
                    .bind("created", row.created())
                    .bind("status", row.status())
                    .bind("results", Cells.text(row.results()))
                    .execute();
            run.tally().add(row, sample, costs);
            handle.createUpdate("UPDATE evaluation_run SET tally = :tally WHERE id = :id")
                    .bind("tally", Cells.text(run.tally().toJson()))
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
                .bind("error", error == null ? null : Cells.text(error))
                .bind("tally", Cells.text(run.tally().toJson()))
                .bind("id", run.id())
                .bind("holder", holder)
                .execute());
    }
}
