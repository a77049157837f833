package org.llmfactory.finetuning.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.MultivaluedMap;
import javax.ws.rs.core.SecurityContext;
import javax.ws.rs.core.UriInfo;
import org.llmfactory.access.Action;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobRequest;
import org.llmfactory.finetuning.work.FineTuning;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Requires;

/** The jobs of a project. */
@Path("jobs")
@Produces(MediaType.APPLICATION_JSON)
public final class JobsResource {
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAXIMUM_LIMIT = 100;

    private final FineTuning tuning;

    JobsResource(FineTuning tuning) {
        this.tuning = tuning;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.CREATE_JOB)
    public ObjectNode create(@Context SecurityContext security, ObjectNode body) {
        Caller caller = Callers.of(security);
        JobRequest request = new JobOrders(tuning).read(security, body);
        return JobObject.of(tuning.jobs().create(caller.project(), caller.id(), request, Callers.actor(security)));
    }

    /** Newest first. */
    @GET
    @Requires(Action.READ_JOB)
    public Pagination.Page<ObjectNode> list(@Context SecurityContext security, @Context UriInfo uri) {
        MultivaluedMap<String, String> asked = uri.getQueryParameters();
        List<ObjectNode> jobs = tuning.jobs().list(Callers.of(security).project()).stream()
                .filter(job -> hasMetadata(job, asked))
                .map(JobObject::of)
                .toList();
        Pagination.Query query = Pagination.Query.of(
                asked.getFirst("limit"), DEFAULT_LIMIT, MAXIMUM_LIMIT, asked.getFirst("after"), null, null, true);
        return Pagination.page(jobs, query, job -> job.get("id").asText());
    }

    private static boolean hasMetadata(Job job, MultivaluedMap<String, String> asked) {
        Map<String, String> metadata = job.request().metadata();
        return asked.entrySet().stream()
                .filter(pair ->
                        pair.getKey().startsWith("metadata[") && pair.getKey().endsWith("]"))
                .allMatch(pair -> {
                    String key = pair.getKey()
                            .substring("metadata[".length(), pair.getKey().length() - 1);
                    return pair.getValue().get(0).equals(metadata.get(key));
                });
    }
}
