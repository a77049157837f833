package org.llmfactory.finetuning.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.finetuning.job.Event;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.StoredCheckpoint;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Requires;

/** One job, and what it has told and made. */
@Path("jobs/{job}")
@Produces(MediaType.APPLICATION_JSON)
public final class JobResource {
    private static final int EVENTS = 20;
    private static final int CHECKPOINTS = 10;
    private static final int MAXIMUM = 1000;

    private final KnownJobs jobs;

    JobResource(KnownJobs jobs) {
        this.jobs = jobs;
    }

    @GET
    @Requires(Action.READ_JOB)
    public ObjectNode get(@Context SecurityContext security, @PathParam("job") String id) {
        return JobObject.of(jobs.require(Callers.of(security), Action.READ_JOB, id));
    }

    /** Ends a job. What it has computed so far is kept in its checkpoints. */
    @POST
    @Path("cancel")
    @Requires(Action.MANAGE_JOB)
    public ObjectNode cancel(@Context SecurityContext security, @PathParam("job") String id) {
        jobs.require(Callers.of(security), Action.MANAGE_JOB, id);
        return JobObject.of(jobs.store().cancel(id, Callers.actor(security)));
    }

    @POST
    @Path("pause")
    @Requires(Action.MANAGE_JOB)
    public ObjectNode pause(@Context SecurityContext security, @PathParam("job") String id) {
        jobs.require(Callers.of(security), Action.MANAGE_JOB, id);
        return JobObject.of(jobs.store().pause(id, Callers.actor(security)));
    }

    @POST
    @Path("resume")
    @Requires(Action.MANAGE_JOB)
    public ObjectNode resume(@Context SecurityContext security, @PathParam("job") String id) {
        jobs.require(Callers.of(security), Action.MANAGE_JOB, id);
        return JobObject.of(jobs.store().resume(id, Callers.actor(security)));
    }

    /** Newest first. */
    @GET
    @Path("events")
    @Requires(Action.READ_JOB)
    public Pagination.Page<ObjectNode> events(
            @Context SecurityContext security,
            @PathParam("job") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit) {
        jobs.require(Callers.of(security), Action.READ_JOB, id);
        List<Event.Entered> events = jobs.store().events(id);
        return Pagination.page(
                events.stream().map(JobResource::describe).toList(),
                Pagination.Query.of(limit, EVENTS, MAXIMUM, after, null, null, true),
                event -> event.get("id").asText());
    }

    private static ObjectNode describe(Event.Entered entered) {
        Event event = entered.event();
        ObjectNode described = Json.MAPPER
                .createObjectNode()
                .put("object", "fine_tuning.job.event")
                .put("id", entered.id())
                .put("created_at", entered.created() / 1000)
                .put("level", event.level())
                .put("message", event.message())
                .put("type", event.step() == null ? "message" : "metrics");
        described.set("data", event.data());
        return described;
    }

    /** Latest step first. */
    @GET
    @Path("checkpoints")
    @Requires(Action.READ_JOB)
    public Pagination.Page<ObjectNode> checkpoints(
            @Context SecurityContext security,
            @PathParam("job") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit) {
        Job job = jobs.require(Callers.of(security), Action.READ_JOB, id);
        return Pagination.page(
                jobs.store().checkpoints(id).stream()
                        .map(checkpoint -> describe(job, checkpoint))
                        .toList(),
                Pagination.Query.of(limit, CHECKPOINTS, MAXIMUM, after, null, null, true),
                checkpoint -> checkpoint.get("id").asText());
    }

    static ObjectNode describe(Job job, StoredCheckpoint checkpoint) {
        ObjectNode described = Json.MAPPER
                .createObjectNode()
                .put("id", checkpoint.id())
                .put("object", "fine_tuning.job.checkpoint")
                .put("created_at", checkpoint.created() / 1000)
                .put(
                        "fine_tuned_model_checkpoint",
                        job.name().atStep(checkpoint.step()).reference())
                .put("step_number", checkpoint.step())
                .put("fine_tuning_job_id", job.id());
        described.set("metrics", checkpoint.metrics());
        return described;
    }
}
