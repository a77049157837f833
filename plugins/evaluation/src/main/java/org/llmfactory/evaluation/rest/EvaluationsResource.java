package org.llmfactory.evaluation.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.Response;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.evaluation.grade.Graders;
import org.llmfactory.evaluation.run.Evaluation;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Metadata;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Requires;

/** The evaluations of a project. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class EvaluationsResource {
    private static final int EVALUATIONS = 20;
    private static final int MAXIMUM = 100;

    private final Measurements measurements;

    EvaluationsResource(Measurements measurements) {
        this.measurements = measurements;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.CREATE_JOB)
    public Response create(@Context SecurityContext security, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        JsonFields config = fields.object("data_source_config").orElseThrow(() -> fields.missing("data_source_config"));
        String type = config.requiredString("type");
        if (type.equals("logs") || type.equals("stored_completions")) {
            throw config.unsupported("type", "Rows are given by the runs; use 'custom'.");
        }
        if (!type.equals("custom")) {
            throw config.invalid("type", "expected 'custom'");
        }
        Graders.read(fields, "testing_criteria");
        config.object("item_schema");
        JsonNode schema = config.node("item_schema")
                .orElseGet(() -> Json.MAPPER.createObjectNode().put("type", "object"));
        ObjectNode document = Json.MAPPER.createObjectNode();
        document.putObject("data_source_config").put("type", "custom").set("schema", described(schema));
        document.set("testing_criteria", body.get("testing_criteria"));
        document.set("metadata", Json.MAPPER.valueToTree(Metadata.read(fields)));
        Evaluation made = measurements
                .evaluations()
                .create(
                        Callers.of(security),
                        Inputs.name(fields).orElse("Evaluation"),
                        document,
                        Callers.actor(security));
        return Response.status(Response.Status.CREATED)
                .entity(Shapes.evaluation(made))
                .build();
    }

    /** The schema of what templates see: the row, and the sample. */
    private static ObjectNode described(JsonNode item) {
        ObjectNode schema = Json.MAPPER.createObjectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        properties.set("item", item);
        properties.putObject("sample").put("type", "object");
        schema.putArray("required").add("item");
        return schema;
    }

    @GET
    @Requires(Action.READ_JOB)
    public Pagination.Page<ObjectNode> list(
            @Context SecurityContext security,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("order") @Nullable String order,
            @QueryParam("order_by") @Nullable String by) {
        List<Evaluation> found =
                measurements.evaluations().list(Callers.of(security).project());
        if (by != null && !by.equals("created_at")) {
            if (!by.equals("updated_at")) {
                throw JsonFields.invalidAt("order_by", "expected 'created_at' or 'updated_at'");
            }
            found = found.stream()
                    .sorted(Comparator.comparingLong(Evaluation::updated))
                    .toList();
        }
        return Pagination.page(
                        found,
                        Pagination.Query.of(limit, EVALUATIONS, MAXIMUM, after, null, order, false),
                        Evaluation::id)
                .map(Shapes::evaluation);
    }
}
