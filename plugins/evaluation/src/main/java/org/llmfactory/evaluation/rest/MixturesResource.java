package org.llmfactory.evaluation.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import javax.ws.rs.Consumes;
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
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.Visibility;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.evaluation.mixture.MixtureRequest;
import org.llmfactory.evaluation.mixture.MixtureSearch;
import org.llmfactory.evaluation.mixture.MixtureStore;
import org.llmfactory.evaluation.mixture.MixtureTrial;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Requires;

/** The searches for mixtures of a project. What may be done to jobs may be done to them. */
@Path("searches")
@Produces(MediaType.APPLICATION_JSON)
public final class MixturesResource {
    private static final int SEARCHES = 20;
    private static final int TRIALS = 100;
    private static final int MAXIMUM = 1000;
    private static final long MILLIS = 1000;

    private final Measurements measurements;

    MixturesResource(Measurements measurements) {
        this.measurements = measurements;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.CREATE_JOB)
    public ObjectNode create(@Context SecurityContext security, ObjectNode body) {
        Caller caller = Callers.of(security);
        MixtureRequest request = MixtureRequest.read(JsonFields.of(body));
        if (request.preset().isPresent()) {
            AccessPolicy.check(caller, Action.CREATE_PRESET, Resource.project(caller.project()));
        }
        GivenFiles files = new GivenFiles(measurements, caller);
        request.validation().forEach(file -> files.check("validation_files", file));
        request.test().forEach(file -> files.check("test_files", file));
        MixtureSearch made = store().create(caller, body, Callers.actor(security));
        measurements.wake();
        return describe(made);
    }

    /** Newest first. */
    @GET
    @Requires(Action.READ_JOB)
    public Pagination.Page<ObjectNode> list(
            @Context SecurityContext security,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit) {
        return Pagination.page(
                        store().list(Callers.of(security).project()),
                        Pagination.Query.of(limit, SEARCHES, MAXIMUM, after, null, null, true),
                        MixtureSearch::id)
                .map(this::describe);
    }

    @GET
    @Path("{search}")
    @Requires(Action.READ_JOB)
    public ObjectNode get(@Context SecurityContext security, @PathParam("search") String id) {
        return describe(require(security, Action.READ_JOB, id));
    }

    /** Ends a search; its trials stay. */
    @POST
    @Path("{search}/cancel")
    @Requires(Action.MANAGE_JOB)
    public ObjectNode cancel(@Context SecurityContext security, @PathParam("search") String id) {
        MixtureSearch search = require(security, Action.MANAGE_JOB, id);
        return describe(store().cancel(search, Callers.actor(security)));
    }

    /** In their order. */
    @GET
    @Path("{search}/trials")
    @Requires(Action.READ_JOB)
    public Pagination.Page<ObjectNode> trials(
            @Context SecurityContext security,
            @PathParam("search") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit) {
        require(security, Action.READ_JOB, id);
        return Pagination.page(
                store().trials(id).stream().map(MixtureTrial::toJson).toList(),
                Pagination.Query.of(limit, TRIALS, MAXIMUM, after, null, null, false),
                trial -> trial.path("number").asText());
    }

    private MixtureStore store() {
        return measurements.mixtures();
    }

    private ObjectNode describe(MixtureSearch search) {
        List<MixtureTrial> trials = store().trials(search.id());
        MixtureRequest request = search.request();
        ObjectNode object = Json.MAPPER
                .createObjectNode()
                .put("object", "llm_factory.mixture.search")
                .put("id", search.id())
                .put("status", search.status().word())
                .put("created_at", search.created() / MILLIS);
        Long finished = search.finished();
        object.put("finished_at", finished == null ? null : finished / MILLIS);
        object.put("model", request.model()).put("seed", request.seed());
        object.set("request", search.written());
        object.putObject("trial_counts").put("total", request.trials()).put("done", trials.size());
        MixtureTrial.best(trials, request.objective()).ifPresent(best -> object.set("best", best.toJson()));
        object.put("preset", search.preset());
        object.set("report", search.report());
        object.set("error", search.error());
        return object;
    }

    private MixtureSearch require(SecurityContext security, Action action, String id) {
        return AccessPolicy.require(
                Callers.of(security),
                action,
                store().find(id),
                search ->
                        Resource.owned(search.project(), Resource.Kind.SEARCH, id, search.owner(), Visibility.PROJECT),
                Resource.Kind.SEARCH,
                id);
    }
}
