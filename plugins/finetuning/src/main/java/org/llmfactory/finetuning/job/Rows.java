package org.llmfactory.finetuning.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.llmfactory.database.Ids;
import org.llmfactory.rest.Json;

/** How jobs, events and checkpoints lie in their tables. */
final class Rows {
    static final String COLUMNS =
            "id, project, owner, status, wish, created, finished, attempts, epoch, holder, request, facts";
    static final String PAUSE = "pause";
    static final String NOTHING = "none";

    private static final int MAXIMUM_MESSAGE = 2000;

    static final RowMapper<Job> JOB = (row, context) -> {
        long finished = row.getLong("finished");
        Long end = row.wasNull() ? null : finished;
        return new Job(
                row.getString("id"),
                row.getString("project"),
                row.getString("owner"),
                Status.of(row.getString("status")),
                row.getString("wish").equals(PAUSE),
                row.getLong("created"),
                end,
                row.getInt("attempts"),
                row.getLong("epoch"),
                row.getString("holder"),
                Json.stored(row.getString("request"), JobRequest.class),
                Json.stored(row.getString("facts"), ObjectNode.class));
    };

    static final RowMapper<Event.Entered> EVENT = (row, context) -> {
        int step = row.getInt("step");
        Integer number = row.wasNull() ? null : step;
        return new Event.Entered(
                row.getString("id"),
                row.getLong("created"),
                new Event(
                        row.getString("level"),
                        row.getString("message"),
                        number,
                        Json.stored(row.getString("data"), ObjectNode.class)));
    };

    static final RowMapper<StoredCheckpoint> CHECKPOINT = (row, context) -> new StoredCheckpoint(
            row.getInt("step"),
            row.getString("id"),
            row.getLong("created"),
            row.getString("adapter"),
            row.getString("digest"),
            row.getString("prefix"),
            Json.stored(row.getString("metrics"), ObjectNode.class));

    private Rows() {}

    static Optional<Job> find(Handle handle, String id) {
        return handle.createQuery("SELECT " + COLUMNS + " FROM training_job WHERE id = :id")
                .bind("id", id)
                .map(JOB)
                .findOne();
    }

    /** Enters an event behind the others; the job's row is locked until the end of the transaction. */
    static void add(Handle handle, String job, Event event, long now) {
        handle.createUpdate("UPDATE training_job SET events = events + 1 WHERE id = :id")
                .bind("id", job)
                .execute();
        long number = handle.createQuery("SELECT events FROM training_job WHERE id = :id")
                .bind("id", job)
                .mapTo(Long.class)
                .one();
        String message = event.message();
        handle.createUpdate("INSERT INTO training_event (job, number, id, created, level, message, step, data)"
                        + " VALUES (:job, :number, :id, :created, :level, :message, :step, :data)")
                .bind("job", job)
                .bind("number", number)
                .bind("id", Ids.next("ftevent-", 12))
                .bind("created", now)
                .bind("level", event.level())
                .bind("message", message.length() > MAXIMUM_MESSAGE ? message.substring(0, MAXIMUM_MESSAGE) : message)
                .bind("step", event.step())
                .bind("data", Json.text(event.data()))
                .execute();
    }

    static void putFacts(Handle handle, Job job) {
        handle.createUpdate("UPDATE training_job SET facts = :facts WHERE id = :id")
                .bind("facts", Json.text(job.facts()))
                .bind("id", job.id())
                .execute();
    }

    static List<StoredCheckpoint> checkpoints(Handle handle, String job) {
        return handle.createQuery("SELECT step, id, created, adapter, digest, prefix, metrics FROM training_checkpoint"
                        + " WHERE job = :job ORDER BY step")
                .bind("job", job)
                .map(CHECKPOINT)
                .list();
    }

    static List<Event.Entered> events(Handle handle, String job) {
        return handle.createQuery("SELECT id, created, level, message, step, data FROM training_event"
                        + " WHERE job = :job ORDER BY number")
                .bind("job", job)
                .map(EVENT)
                .list();
    }
}
