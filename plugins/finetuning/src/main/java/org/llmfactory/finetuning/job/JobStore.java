package org.llmfactory.finetuning.job;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.database.Ids;
import org.llmfactory.rest.Json;

/** Jobs as people see and change them. No change is made without its entry in the ledger; every one is told to all agents. */
public final class JobStore {
    /** Topic of the news of jobs; the key is the job's id. */
    public static final String TOPIC = "training_jobs";

    private final Jdbi tables;
    private final ChangeFeed changes;
    private final Ledger ledger;
    private final Clock clock;

    public JobStore(Jdbi tables, ChangeFeed changes, Ledger ledger, Clock clock) {
        this.tables = tables;
        this.changes = changes;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** A new job, whose files are still to be looked at. */
    public Job create(String project, String owner, JobRequest request, Actor actor) {
        Job job = tables.inTransaction(handle -> create(handle, project, owner, request, actor));
        tell(job.id());
        return job;
    }

    /** As {@link #create}, in a transaction of the caller's, who {@link #tell tells} of it afterwards. */
    public Job create(Handle handle, String project, String owner, JobRequest request, Actor actor) {
        String id = Ids.next(Job.PREFIX, 8);
        handle.createUpdate("INSERT INTO training_job (id, project, owner, model, status, wish, priority, created,"
                        + " not_before, attempts, events, epoch, lease, swept, told, request, facts) VALUES (:id,"
                        + " :project, :owner, :model, :status, :wish, :priority, :created, 0, 0, 0, 0, 0, 0, 0,"
                        + " :request, :facts)")
                .bind("id", id)
                .bind("project", project)
                .bind("owner", owner)
                .bind("model", request.model())
                .bind("status", Status.VALIDATING_FILES.word())
                .bind("wish", Rows.NOTHING)
                .bind("priority", request.priority())
                .bind("created", clock.millis())
                .bind("request", Json.text(request))
                .bind("facts", "{}")
                .execute();
        Rows.add(handle, id, Event.info("Created fine-tuning job: " + id), clock.millis());
        Rows.add(handle, id, Event.info("Validating training file: " + request.trainingFile()), clock.millis());
        Job created = Rows.find(handle, id).orElseThrow();
        record("created", actor, created);
        return created;
    }

    /** Tells all agents that a job has changed. */
    public void tell(String id) {
        changes.publish(TOPIC, id);
    }

    /** A job as a transaction of the caller's sees it. */
    public Optional<Job> find(Handle handle, String id) {
        return Rows.find(handle, id);
    }

    /** Its registered checkpoints as a transaction of the caller's sees them, by step. */
    public List<StoredCheckpoint> checkpoints(Handle handle, String job) {
        return Rows.checkpoints(handle, job);
    }

    public Optional<Job> find(String id) {
        return tables.withHandle(handle -> Rows.find(handle, id));
    }

    /** The jobs of a project, oldest first. */
    public List<Job> list(String project) {
        return tables.withHandle(handle -> handle.createQuery("SELECT " + Rows.COLUMNS + " FROM training_job"
                        + " WHERE project = :project ORDER BY created, id")
                .bind("project", project)
                .map(Rows.JOB)
                .list());
    }

    /** What was told of a job, oldest first. */
    public List<Event.Entered> events(String job) {
        return tables.withHandle(handle -> Rows.events(handle, job));
    }

    /** Its registered checkpoints, by step. */
    public List<StoredCheckpoint> checkpoints(String job) {
        return tables.withHandle(handle -> Rows.checkpoints(handle, job));
    }

    /** Jobs whose files are to be looked at. */
    public List<Job> toValidate() {
        return tables.withHandle(
                handle -> handle.createQuery("SELECT " + Rows.COLUMNS + " FROM training_job WHERE status = :status")
                        .bind("status", Status.VALIDATING_FILES.word())
                        .map(Rows.JOB)
                        .list());
    }

    /** The files are good, and how it is trained is decided. */
    public void queue(Job job, Hyperparameters decided) {
        job.facts().set(Facts.HYPERPARAMETERS, Json.MAPPER.valueToTree(decided));
        change(job.id(), Status.VALIDATING_FILES, Status.QUEUED, now -> {}, job);
    }

    /** The files are of no use. */
    public void refuse(Job job, FactoryException reason) {
        job.facts().set(Facts.ERROR, JobQueue.error(reason));
        change(job.id(), Status.VALIDATING_FILES, Status.FAILED, now -> record("failed", Actor.system(), now), job);
    }

    private void change(String id, Status from, Status to, Consumer<Job> last, Job job) {
        tables.useTransaction(handle -> {
            int changed = handle.createUpdate("UPDATE training_job SET status = :to, finished = :finished"
                            + " WHERE id = :id AND status = :from")
                    .bind("to", to.word())
                    .bind("from", from.word())
                    .bind("finished", to.isEnd() ? clock.millis() : null)
                    .bind("id", id)
                    .execute();
            if (changed == 1) {
                Rows.putFacts(handle, job);
                Rows.add(
                        handle,
                        id,
                        to.isEnd()
                                ? Event.error("The files are of no use: "
                                        + job.facts()
                                                .path(Facts.ERROR)
                                                .path("message")
                                                .asText())
                                : Event.info("Files validated, moving job to queued state"),
                        clock.millis());
                last.accept(job);
            }
        });
    }

    /**
     * Ends a job at once; whoever works on it hears of it.
     *
     * @throws FactoryException {@code CONFLICT} for a job that has ended
     */
    public Job cancel(String id, Actor actor) {
        return wish(
                id, actor, "cancelled", "status = 'cancelled', wish = 'none', finished = " + clock.millis(), job -> {
                    if (job.status().isEnd()) {
                        throw new FactoryException(
                                ErrorCode.CONFLICT,
                                "The job has ended already: it is "
                                        + job.status().word() + ".");
                    }
                });
    }

    /**
     * Stops the work on a job, with its state kept.
     *
     * @throws FactoryException {@code CONFLICT} for a job that has ended or is paused
     */
    public Job pause(String id, Actor actor) {
        return wish(id, actor, "paused", "wish = 'pause'", job -> {
            if (job.status().isEnd() || job.paused()) {
                throw new FactoryException(
                        ErrorCode.CONFLICT, job.paused() ? "The job is paused already." : "The job has ended already.");
            }
        });
    }

    /**
     * Lets a paused job go on.
     *
     * @throws FactoryException {@code CONFLICT} for a job that is not paused
     */
    public Job resume(String id, Actor actor) {
        return wish(id, actor, "resumed", "wish = 'none'", job -> {
            if (job.status().isEnd() || !job.paused()) {
                throw new FactoryException(ErrorCode.CONFLICT, "The job is not paused.");
            }
        });
    }

    private Job wish(String id, Actor actor, String what, String assignments, Consumer<Job> check) {
        Job changed = tables.inTransaction(handle -> {
            // Locks the row, so that nobody changes the job between the check and the change.
            handle.createUpdate("UPDATE training_job SET events = events WHERE id = :id")
                    .bind("id", id)
                    .execute();
            check.accept(Rows.find(handle, id).orElseThrow());
            handle.createUpdate("UPDATE training_job SET " + assignments + " WHERE id = :id")
                    .bind("id", id)
                    .execute();
            Rows.add(handle, id, Event.info("The job was " + what + "."), clock.millis());
            Job job = Rows.find(handle, id).orElseThrow();
            if (job.status() == Status.CANCELLED) {
                ledger.record(audit("cancelled", actor, job), JobQueue.usage(job), Optional.empty());
            } else {
                record(what, actor, job);
            }
            return job;
        });
        changes.publish(TOPIC, id);
        return changed;
    }

    private void record(String what, Actor actor, Job job) {
        ledger.record(audit(what, actor, job));
    }

    static AuditEvent audit(String what, Actor actor, Job job) {
        return AuditEvent.of("fine_tuning.job." + what, actor, Optional.of(job.project()), job.id())
                .with(Map.of(
                        "model",
                        job.request().model(),
                        "training_file",
                        job.request().trainingFile()));
    }
}
