package org.llmfactory.evaluation.work;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Who works on the rows of a table, which has the columns {@code id}, {@code status} ({@code queued}, {@code in_progress}
 * or an end), {@code created}, {@code finished}, {@code holder} and {@code lease}, the milliseconds since 1970 until which the holder's
 * word counts.
 */
public final class Leases {
    private final String table;
    private final Clock clock;
    private final Duration lease;

    /** @param table a name of this plugin's, never of a request's */
    public Leases(String table, Clock clock, Duration lease) {
        this.table = table;
        this.clock = clock;
        this.lease = lease;
    }

    /** Takes the row that has waited longest, or whose holder is gone; empty when there is none. */
    public Optional<String> take(Handle handle, String holder) {
        List<String> waiting = handle.createQuery("SELECT id FROM " + table + " WHERE status = 'queued'"
                        + " OR (status = 'in_progress' AND lease < :now) ORDER BY created, id")
                .bind("now", clock.millis())
                .mapTo(String.class)
                .list();
        return waiting.stream().filter(id -> take(handle, id, holder)).findFirst();
    }

    private boolean take(Handle handle, String id, String holder) {
        return handle.createUpdate(
                                "UPDATE " + table + " SET status = 'in_progress', holder = :holder, lease = :lease"
                                        + " WHERE id = :id AND (status = 'queued' OR (status = 'in_progress' AND lease < :now))")
                        .bind("holder", holder)
                        .bind("lease", clock.millis() + lease.toMillis())
                        .bind("now", clock.millis())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    /** Goes on holding a row; false when it is not the holder's any more. Locks it for the transaction. */
    public boolean hold(Handle handle, String id, String holder) {
        return handle.createUpdate("UPDATE " + table + " SET lease = :lease WHERE id = :id AND holder = :holder"
                                + " AND status = 'in_progress'")
                        .bind("lease", clock.millis() + lease.toMillis())
                        .bind("id", id)
                        .bind("holder", holder)
                        .execute()
                == 1;
    }

    /** Ends a row that has not ended, whoever holds it; false when it has. */
    public boolean cancel(Handle handle, String id) {
        return handle.createUpdate("UPDATE " + table + " SET status = 'canceled', finished = :now WHERE id = :id"
                                + " AND status IN ('queued', 'in_progress')")
                        .bind("now", clock.millis())
                        .bind("id", id)
                        .execute()
                == 1;
    }

    /** Lets a row go, so that another agent goes on with it at once. */
    public void release(Handle handle, String id, String holder) {
        handle.createUpdate("UPDATE " + table + " SET lease = 0 WHERE id = :id AND holder = :holder")
                .bind("id", id)
                .bind("holder", holder)
                .execute();
    }
}
