package org.llmfactory.finetuning.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.HttpHeaders;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.StreamingOutput;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobRequest;
import org.llmfactory.finetuning.record.Curve;
import org.llmfactory.finetuning.record.MlflowExport;
import org.llmfactory.finetuning.record.Reproduction;
import org.llmfactory.finetuning.record.RunRecord;
import org.llmfactory.finetuning.work.FineTuning;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** Ours: all that it takes to do a run again, and what came of it. */
@Path("jobs/{job}/record")
public final class RecordResource {
    private final FineTuning tuning;
    private final KnownJobs known;

    RecordResource(FineTuning tuning) {
        this.tuning = tuning;
        this.known = new KnownJobs(tuning.jobs());
    }

    /** The record; with {@code format=csv} its figures alone, with {@code format=mlflow} a zip for MLflow. */
    @GET
    @Produces({MediaType.APPLICATION_JSON, "text/csv", "application/zip"})
    @Requires(Action.READ_JOB)
    public Response record(
            @Context SecurityContext security,
            @PathParam("job") String id,
            @QueryParam("format") @Nullable String format) {
        Job job = known.require(Callers.of(security), Action.READ_JOB, id);
        return switch (format == null ? "json" : format) {
            case "json" ->
                Response.ok(record(job), MediaType.APPLICATION_JSON_TYPE).build();
            case "csv" -> Response.ok(curve(job), "text/csv;charset=utf-8").build();
            case "mlflow" -> {
                RunRecord run = RunRecord.of(job, tuning.jobs());
                MlflowExport export = new MlflowExport(run);
                ObjectNode record = record(run);
                StreamingOutput zip = out -> export.write(out, record);
                yield Response.ok(zip, "application/zip")
                        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + id + ".zip\"")
                        .build();
            }
            default -> throw JsonFields.invalidAt("format", "expected 'json', 'csv' or 'mlflow'");
        };
    }

    /**
     * Does the run again: the same files, the same base and all that was decided then, as a job of its own. It answers
     * with a conflict when something is no longer as it was.
     */
    @POST
    @Path("reproduce")
    @Produces(MediaType.APPLICATION_JSON)
    @Requires(Action.CREATE_JOB)
    public ObjectNode reproduce(@Context SecurityContext security, @PathParam("job") String id) {
        Caller caller = Callers.of(security);
        Job job = known.require(caller, Action.READ_JOB, id);
        JobOrders orders = new JobOrders(tuning);
        JobRequest request = Reproduction.of(
                job,
                orders.find(caller, job.request().model()),
                orders.files(),
                caller.apiKey().orElse(null));
        return JobObject.of(tuning.jobs().create(caller.project(), caller.id(), request, Callers.actor(security)));
    }

    String curve(Job job) {
        return Curve.csv(tuning.jobs().events(job.id()), tuning.jobs().checkpoints(job.id()));
    }

    ObjectNode record(Job job) {
        return record(RunRecord.of(job, tuning.jobs()));
    }

    private static ObjectNode record(RunRecord run) {
        Job job = run.job();
        ObjectNode record = Json.MAPPER.createObjectNode().put("object", "llm_factory.fine_tuning.record");
        record.set("job", JobObject.of(job));
        record.put("base_model_digest", job.request().baseDigest());
        record.set("facts", job.facts());
        ArrayNode curve = record.putArray("curve");
        run.steps().forEach(event -> curve.add(event.event().data()));
        ArrayNode made = record.putArray("checkpoints");
        run.checkpoints()
                .forEach(checkpoint ->
                        made.add(JobResource.describe(job, checkpoint).put("adapter_digest", checkpoint.digest())));
        return record;
    }
}
