package org.llmfactory.evaluation.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import javax.ws.rs.DELETE;
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
import org.llmfactory.access.Resource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.evaluation.run.Evaluation;
import org.llmfactory.evaluation.run.Graded;
import org.llmfactory.evaluation.run.Run;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Requires;

/** One run, and what has come of its rows. */
@Path("{eval}/runs/{run}")
@Produces(MediaType.APPLICATION_JSON)
public final class RunResource {
    private static final int ITEMS = 20;
    private static final int MAXIMUM = 100;

    private final Measurements measurements;
    private final Known known;

    RunResource(Measurements measurements) {
        this.measurements = measurements;
        this.known = new Known(measurements.evaluations());
    }

    @GET
    @Requires(Action.READ_JOB)
    public ObjectNode get(
            @Context SecurityContext security, @PathParam("eval") String eval, @PathParam("run") String id) {
        return Shapes.run(known.requireRun(Callers.of(security), Action.READ_JOB, eval, id));
    }

    /** Ends it; what has been measured stays. */
    @POST
    @Requires(Action.MANAGE_JOB)
    public ObjectNode cancel(
            @Context SecurityContext security, @PathParam("eval") String eval, @PathParam("run") String id) {
        Caller caller = Callers.of(security);
        Run run = known.requireRun(caller, Action.MANAGE_JOB, eval, id);
        Evaluation evaluation = known.require(caller, Action.READ_JOB, eval);
        return Shapes.run(measurements.evaluations().cancel(evaluation, run, Callers.actor(security)));
    }

    @DELETE
    @Requires(Action.MANAGE_JOB)
    public ObjectNode delete(
            @Context SecurityContext security, @PathParam("eval") String eval, @PathParam("run") String id) {
        Caller caller = Callers.of(security);
        Run run = known.requireRun(caller, Action.MANAGE_JOB, eval, id);
        Evaluation evaluation = known.require(caller, Action.READ_JOB, eval);
        measurements.evaluations().delete(evaluation, run, Callers.actor(security));
        return Json.MAPPER
                .createObjectNode()
                .put("object", "eval.run.deleted")
                .put("deleted", true)
                .put("run_id", id);
    }

    /** In the order of the rows. They hold data, so they are for those who may read the project's files. */
    @GET
    @Path("output_items")
    @Requires(Action.READ_FILE)
    public Pagination.Page<ObjectNode> items(
            @Context SecurityContext security,
            @PathParam("eval") String eval,
            @PathParam("run") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("order") @Nullable String order,
            @QueryParam("status") @Nullable String status) {
        Run run = known.requireRun(Callers.of(security), Action.READ_FILE, eval, id);
        Optional<String> wanted = Optional.ofNullable(status).filter(word -> !word.isEmpty());
        List<Graded> items = measurements.evaluations().items(id).stream()
                .filter(item ->
                        wanted.map(word -> word.startsWith(item.status())).orElse(true))
                .toList();
        return Pagination.page(items, Pagination.Query.of(limit, ITEMS, MAXIMUM, after, null, order, false), Graded::id)
                .map(item -> Shapes.item(run, item, content(run, item)));
    }

    @GET
    @Path("output_items/{item}")
    @Requires(Action.READ_FILE)
    public ObjectNode item(
            @Context SecurityContext security,
            @PathParam("eval") String eval,
            @PathParam("run") String id,
            @PathParam("item") String item) {
        Run run = known.requireRun(Callers.of(security), Action.READ_FILE, eval, id);
        Graded found = measurements
                .evaluations()
                .item(id, item)
                .orElseThrow(() -> Resource.unknown(Resource.Kind.OUTPUT_ITEM, item));
        return Shapes.item(run, found, content(run, found));
    }

    private ObjectNode content(Run run, Graded item) {
        try (InputStream content =
                measurements.store().open(run.key(item.number()), 0).orElseGet(InputStream::nullInputStream)) {
            return Json.MAPPER.readTree(content) instanceof ObjectNode object ? object : Json.MAPPER.createObjectNode();
        } catch (IOException e) {
            throw new FactoryException(ErrorCode.UNAVAILABLE, "The results cannot be read at present.", e);
        }
    }
}
