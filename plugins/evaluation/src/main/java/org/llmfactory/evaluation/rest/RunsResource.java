package org.llmfactory.evaluation.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import javax.ws.rs.Consumes;
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
import org.llmfactory.api.identity.Caller;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.evaluation.run.DataSource;
import org.llmfactory.evaluation.run.Evaluation;
import org.llmfactory.evaluation.run.Run;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Metadata;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Requires;

/** The runs of an evaluation. */
@Path("{eval}/runs")
@Produces(MediaType.APPLICATION_JSON)
public final class RunsResource {
    private static final int RUNS = 20;
    private static final int MAXIMUM = 100;

    private final Measurements measurements;
    private final Known known;

    RunsResource(Measurements measurements) {
        this.measurements = measurements;
        this.known = new Known(measurements.evaluations());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.CREATE_JOB)
    public Response create(@Context SecurityContext security, @PathParam("eval") String id, ObjectNode body) {
        Caller caller = Callers.of(security);
        Evaluation evaluation = known.require(caller, Action.READ_JOB, id);
        JsonFields fields = JsonFields.of(body);
        JsonFields written = fields.object("data_source").orElseThrow(() -> fields.missing("data_source"));
        DataSource source = DataSource.read(written);
        if (source.file() != null) {
            new GivenFiles(measurements, caller).check("data_source.source.id", source.file());
        }
        String model = source.model();
        ObjectNode request = Json.MAPPER.createObjectNode();
        request.set("data_source", body.get("data_source"));
        request.set("metadata", Json.MAPPER.valueToTree(Metadata.read(fields)));
        Run run = measurements
                .evaluations()
                .order(
                        evaluation,
                        caller,
                        Inputs.name(fields).orElse(model.isEmpty() ? "Run" : model),
                        request,
                        Callers.actor(security));
        measurements.wake();
        return Response.status(Response.Status.CREATED).entity(Shapes.run(run)).build();
    }

    @GET
    @Requires(Action.READ_JOB)
    public Pagination.Page<ObjectNode> list(
            @Context SecurityContext security,
            @PathParam("eval") String id,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("order") @Nullable String order,
            @QueryParam("status") @Nullable String status) {
        known.require(Callers.of(security), Action.READ_JOB, id);
        Optional<String> wanted = Optional.ofNullable(status).filter(word -> !word.isEmpty());
        List<Run> runs = measurements.evaluations().runs(id).stream()
                .filter(run -> wanted.map(run.status().word()::equals).orElse(true))
                .toList();
        return Pagination.page(runs, Pagination.Query.of(limit, RUNS, MAXIMUM, after, null, order, false), Run::id)
                .map(Shapes::run);
    }
}
