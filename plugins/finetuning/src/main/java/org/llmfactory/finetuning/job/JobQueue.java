package org.llmfactory.finetuning.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.api.ledger.UsageEntry;
import org.llmfactory.database.Ids;
import org.llmfactory.rest.Json;

/**
 * Who works on which job. A job is taken by one worker at a time, who keeps it by renewing his lease; a lease that lapsed
 * makes it free again. All that a holder writes is refused once the lease is no longer his: see {@link Lease.Lost}.
 */
public final class JobQueue {
    private static final String HELD = " WHERE id = :id AND holder = :holder AND epoch = :epoch AND status = 'running'";

    private final Jdbi tables;
    private final Ledger ledger;
    private final Clock clock;
    private final Duration lease;
    private final int quota;

    /**
     * A queue.
     *
     * @param lease how long a job is kept without a renewal
     * @param quota running jobs of a project at most
     */
    public JobQueue(Jdbi tables, Ledger ledger, Clock clock, Duration lease, int quota) {
        this.tables = tables;
        this.ledger = ledger;
        this.clock = clock;
        this.lease = lease;
        this.quota = quota;
    }

    /** A job that was taken. */
    public record Taken(Job job, Lease lease) {}

    private record Waiting(Job job, int priority, long running) {}

    /** Frees the jobs whose holders are gone; says how many. */
    public int lapse() {
        return tables.inTransaction(handle -> {
            List<String> lost = handle.createQuery(
                            "SELECT id FROM training_job WHERE status = 'running' AND lease < :now")
                    .bind("now", clock.millis())
                    .mapTo(String.class)
                    .list();
            int freed = 0;
            for (String id : lost) {
                int changed = handle.createUpdate("UPDATE training_job SET status = 'queued', holder = NULL"
                                + " WHERE id = :id AND status = 'running' AND lease < :now")
                        .bind("id", id)
                        .bind("now", clock.millis())
                        .execute();
                if (changed == 1) {
                    Rows.add(
                            handle,
                            id,
                            Event.warn("The agent that ran the job is gone; it goes on from its last state."),
                            clock.millis());
                    freed++;
                }
            }
            return freed;
        });
    }

    /**
     * Takes the next job: of the highest priority, then of the project with the fewest running jobs, then the oldest.
     *
     * @param able whether the worker can do it now
     */
    public Optional<Taken> take(String holder, Predicate<Job> able) {
        // Workers ask every few seconds: only when something waits do they queue up for their turn, which is a write.
        if (tables.withHandle(this::waiting).isEmpty()) {
            return Optional.empty();
        }
        return tables.inTransaction(handle -> {
            handle.execute("UPDATE training_turn SET number = number + 1 WHERE id = 1");
            return waiting(handle).stream()
                    .filter(waiting -> able.test(waiting.job))
                    .findFirst()
                    .map(next -> take(handle, next.job, holder));
        });
    }

    private List<Waiting> waiting(Handle handle) {
        Map<String, Long> running = new HashMap<>();
        handle.createQuery(
                        "SELECT project, COUNT(*) AS jobs FROM training_job WHERE status = 'running' GROUP BY project")
                .map((row, context) -> Map.entry(row.getString("project"), row.getLong("jobs")))
                .forEach(entry -> running.put(entry.getKey(), entry.getValue()));
        return handle
                .createQuery("SELECT " + Rows.COLUMNS + ", priority FROM training_job WHERE status = 'queued'"
                        + " AND wish = 'none' AND not_before <= :now ORDER BY created, id")
                .bind("now", clock.millis())
                .map((row, context) -> {
                    Job job = Rows.JOB.map(row, context);
                    return new Waiting(job, row.getInt("priority"), running.getOrDefault(job.project(), 0L));
                })
                .list()
                .stream()
                .filter(waiting -> waiting.running < quota)
                .sorted(Comparator.comparingInt((Waiting waiting) -> -waiting.priority)
                        .thenComparingLong(Waiting::running))
                .toList();
    }

    private Taken take(Handle handle, Job job, String holder) {
        long epoch = job.epoch() + 1;
        int changed = handle.createUpdate("UPDATE training_job SET status = 'running', holder = :holder,"
                        + " epoch = :epoch, lease = :lease, told = 0 WHERE id = :id AND status = 'queued'"
                        + " AND wish = 'none'")
                .bind("holder", holder)
                .bind("epoch", epoch)
                .bind("lease", clock.millis() + lease.toMillis())
                .bind("id", job.id())
                .execute();
        if (changed != 1) {
            throw new IllegalStateException("a job changed while it was taken");
        }
        return new Taken(Rows.find(handle, job.id()).orElseThrow(), new Lease(job.id(), holder, epoch));
    }

    /** Says once that jobs wait because no trainer is there for them. */
    public void tellWaiting(Duration patience, Predicate<Job> unable) {
        tables.useTransaction(handle -> {
            List<Job> jobs = handle.createQuery("SELECT " + Rows.COLUMNS + " FROM training_job WHERE status = 'queued'"
                            + " AND told = 0 AND wish = 'none' AND created < :time")
                    .bind("time", clock.millis() - patience.toMillis())
                    .map(Rows.JOB)
                    .list();
            for (Job job : jobs) {
                if (unable.test(job)
                        && handle.createUpdate("UPDATE training_job SET told = 1 WHERE id = :id AND told = 0")
                                        .bind("id", job.id())
                                        .execute()
                                == 1) {
                    Rows.add(
                            handle,
                            job.id(),
                            Event.warn("The job waits: no agent is there that can train '"
                                    + job.request().model() + "'."),
                            clock.millis());
                }
            }
        });
    }

    /** Keeps a job; false when it is the holder's no longer, or is to be paused. */
    public boolean renew(Lease held) {
        return tables.inTransaction(handle -> {
            int changed = bind(handle, "UPDATE training_job SET lease = :lease" + HELD, held)
                    .bind("lease", clock.millis() + lease.toMillis())
                    .execute();
            return changed == 1
                    && Rows.find(handle, held.job())
                            .filter(job -> !job.paused())
                            .isPresent();
        });
    }

    /**
     * Writes something of a job that is being worked on, with an event.
     *
     * @throws Lease.Lost when the job is the holder's no longer; then nothing is written
     */
    public void write(Lease held, Consumer<Job> change, Optional<Event> event) {
        inLease(held, handle -> {
            Job job = Rows.find(handle, held.job()).orElseThrow();
            change.accept(job);
            Rows.putFacts(handle, job);
            event.ifPresent(told -> Rows.add(handle, job.id(), told, clock.millis()));
            return job;
        });
    }

    /** Forgets the figures of a step and of all behind it: they are computed again. */
    public void forgetSteps(Lease held, int first) {
        inLease(
                held,
                handle -> handle.createUpdate("DELETE FROM training_event WHERE job = :job AND step >= :first")
                        .bind("job", held.job())
                        .bind("first", first)
                        .execute());
    }

    /** Keeps a checkpoint; one of the same step stays as it is. */
    public void add(Lease held, StoredCheckpoint checkpoint) {
        inLease(held, handle -> {
            boolean known =
                    Rows.checkpoints(handle, held.job()).stream().anyMatch(other -> other.step() == checkpoint.step());
            if (!known) {
                handle.createUpdate("INSERT INTO training_checkpoint (job, step, id, created, adapter, digest, prefix,"
                                + " metrics) VALUES (:job, :step, :id, :created, :adapter, :digest, :prefix, :metrics)")
                        .bind("job", held.job())
                        .bind("step", checkpoint.step())
                        .bind("id", Ids.next("ftckpt_", 12))
                        .bind("created", clock.millis())
                        .bind("adapter", checkpoint.adapter())
                        .bind("digest", checkpoint.digest())
                        .bind("prefix", checkpoint.prefix())
                        .bind("metrics", Json.text(checkpoint.metrics()))
                        .execute();
                Rows.add(
                        handle,
                        held.job(),
                        Event.info("Checkpoint created at step " + checkpoint.step()),
                        clock.millis());
            }
            return known;
        });
    }

    /** Gives a job back, to be taken again after a while. */
    public void giveBack(Lease held, Duration delay, boolean failed, Optional<Event> event) {
        inLease(held, handle -> {
            event.ifPresent(told -> Rows.add(handle, held.job(), told, clock.millis()));
            return bind(
                            handle,
                            "UPDATE training_job SET status = 'queued', holder = NULL, not_before = :time,"
                                    + " attempts = attempts + :failures" + HELD,
                            held)
                    .bind("time", clock.millis() + delay.toMillis())
                    .bind("failures", failed ? 1 : 0)
                    .execute();
        });
    }

    /** Ends a job. The entry in the ledger is the last act. */
    public void end(Lease held, Status status, Consumer<Job> change, List<Event> events) {
        inLease(held, handle -> {
            Job job = Rows.find(handle, held.job()).orElseThrow();
            change.accept(job);
            Rows.putFacts(handle, job);
            events.forEach(event -> Rows.add(handle, job.id(), event, clock.millis()));
            bind(
                            handle,
                            "UPDATE training_job SET status = :status, wish = 'none', holder = NULL,"
                                    + " finished = :now" + HELD,
                            held)
                    .bind("status", status.word())
                    .bind("now", clock.millis())
                    .execute();
            ledger.record(JobStore.audit(status.word(), Actor.system(), job), usage(job), Optional.empty());
            return job;
        });
    }

    /** Says that the work on a job that was cancelled has stopped. */
    public void leave(Lease held) {
        tables.useHandle(handle -> handle.createUpdate("UPDATE training_job SET holder = NULL, swept = 0"
                        + " WHERE id = :id AND holder = :holder AND epoch = :epoch AND status <> 'running'")
                .bind("id", held.job())
                .bind("holder", held.holder())
                .bind("epoch", held.epoch())
                .execute());
    }

    /** Ended jobs that nobody works on any more, and of which something may be left in the object store. */
    public List<Job> toSweep() {
        return tables.withHandle(handle -> handle.createQuery("SELECT " + Rows.COLUMNS + " FROM training_job"
                        + " WHERE swept = 0 AND status IN ('succeeded', 'failed', 'cancelled')"
                        + " AND (holder IS NULL OR lease < :now)")
                .bind("now", clock.millis())
                .map(Rows.JOB)
                .list());
    }

    /** Nothing is left of an ended job; the ledger is told how much was removed. */
    public void swept(Job job, int objects) {
        tables.useTransaction(handle -> {
            int changed = handle.createUpdate("UPDATE training_job SET swept = 1 WHERE id = :id AND swept = 0")
                    .bind("id", job.id())
                    .execute();
            if (changed == 1 && objects > 0) {
                ledger.record(
                        JobStore.audit("state_removed", Actor.system(), job).with(Map.of("objects", objects)));
            }
        });
    }

    static UsageEntry usage(Job job) {
        return new UsageEntry(
                "fine_tuning",
                job.project(),
                job.owner(),
                Optional.ofNullable(job.request().apiKey()),
                job.request().model(),
                job.name().adapterName(),
                Usage.ofTokens(job.facts().path(Facts.TRAINED_TOKENS).asLong(), 0, 0));
    }

    /** OpenAI's error of a job. */
    public static ObjectNode error(FactoryException failure) {
        String code = failure.code().code();
        return Json.MAPPER
                .createObjectNode()
                .put("code", code == null ? "server_error" : code)
                .put("message", failure.getMessage())
                .put("param", failure.parameter().orElse(null));
    }

    private <T> T inLease(Lease held, Function<Handle, T> work) {
        return tables.inTransaction(handle -> {
            if (bind(handle, "UPDATE training_job SET events = events" + HELD, held)
                            .execute()
                    != 1) {
                throw new Lease.Lost(held);
            }
            return work.apply(handle);
        });
    }

    private static Update bind(Handle handle, String statement, Lease held) {
        return handle.createUpdate(statement)
                .bind("id", held.job())
                .bind("holder", held.holder())
                .bind("epoch", held.epoch());
    }
}
