package org.llmfactory.finetuning.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.llmfactory.finetuning.search.Search;
import org.llmfactory.finetuning.search.SearchRequest;
import org.llmfactory.finetuning.search.SearchStore;
import org.llmfactory.finetuning.work.FineTuning;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Requires;

/** Ours: the searches for hyperparameters of a project. What may be done to jobs may be done to searches. */
@Path("searches")
@Produces(MediaType.APPLICATION_JSON)
public final class SearchesResource {
    private static final int SEARCHES = 20;
    private static final int TRIALS = 100;
    private static final int MAXIMUM = 1000;

    private final FineTuning tuning;

    SearchesResource(FineTuning tuning) {
        this.tuning = tuning;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.CREATE_JOB)
    public ObjectNode create(@Context SecurityContext security, ObjectNode body) {
        Caller caller = Callers.of(security);
        JobOrders orders = new JobOrders(tuning);
        SearchRequest request = SearchRequestReader.read(body, order -> orders.read(security, order));
        return describe(store().create(caller.project(), caller.id(), request, Callers.actor(security)));
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
                        Search::id)
                .map(this::describe);
    }

    @GET
    @Path("{search}")
    @Requires(Action.READ_JOB)
    public ObjectNode get(@Context SecurityContext security, @PathParam("search") String id) {
        return describe(require(security, Action.READ_JOB, id));
    }

    /** Ends a search and the jobs that run for it; what they have made so far stays. */
    @POST
    @Path("{search}/cancel")
    @Requires(Action.MANAGE_JOB)
    public ObjectNode cancel(@Context SecurityContext security, @PathParam("search") String id) {
        require(security, Action.MANAGE_JOB, id);
        ObjectNode cancelled = describe(store().cancel(id, Callers.actor(security)));
        tuning.wake();
        return cancelled;
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
        Search search = require(security, Action.READ_JOB, id);
        return Pagination.page(
                store().trials(id).stream()
                        .map(trial -> SearchObject.trial(search.request(), trial))
                        .toList(),
                Pagination.Query.of(limit, TRIALS, MAXIMUM, after, null, null, false),
                trial -> trial.path("job").asText());
    }

    private SearchStore store() {
        return tuning.searches();
    }

    private ObjectNode describe(Search search) {
        return SearchObject.of(search, store().trials(search.id()), tuning.jobs()::find);
    }

    private Search require(SecurityContext security, Action action, String id) {
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
