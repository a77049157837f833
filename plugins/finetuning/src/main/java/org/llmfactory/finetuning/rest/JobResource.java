package org.llmfactory.finetuning.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
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
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.finetuning.job.Event;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.StoredCheckpoint;
import org.llmfactory.finetuning.work.Curve;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
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

    private static ObjectNode describe(Job job, StoredCheckpoint checkpoint) {
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

    /** Ours: all that it takes to do the run again, and what came of it; with {@code format=csv} its figures alone. */
    @GET
    @Path("record")
    @Produces({MediaType.APPLICATION_JSON, "text/csv"})
    @Requires(Action.READ_JOB)
    public Response record(
            @Context SecurityContext security,
            @PathParam("job") String id,
            @QueryParam("format") @Nullable String format) {
        Job job = jobs.require(Callers.of(security), Action.READ_JOB, id);
        if ("csv".equals(format)) {
            return Response.ok(curve(job), "text/csv;charset=utf-8").build();
        }
        if (format != null && !format.equals("json")) {
            throw JsonFields.invalidAt("format", "expected 'json' or 'csv'");
        }
        return Response.ok(record(job), MediaType.APPLICATION_JSON_TYPE).build();
    }

    String curve(Job job) {
        return Curve.csv(jobs.store().events(job.id()), jobs.store().checkpoints(job.id()));
    }

    ObjectNode record(Job job) {
        ObjectNode record = Json.MAPPER.createObjectNode().put("object", "llm_factory.fine_tuning.record");
        record.set("job", JobObject.of(job));
        record.put("base_model_digest", job.request().baseDigest());
        record.set("facts", job.facts());
        ArrayNode curve = record.putArray("curve");
        jobs.store().events(job.id()).stream()
                .filter(event -> event.event().step() != null)
                .forEach(event -> curve.add(event.event().data()));
        ArrayNode made = record.putArray("checkpoints");
        jobs.store()
                .checkpoints(job.id())
                .forEach(checkpoint -> made.add(describe(job, checkpoint).put("adapter_digest", checkpoint.digest())));
        return record;
    }
}
