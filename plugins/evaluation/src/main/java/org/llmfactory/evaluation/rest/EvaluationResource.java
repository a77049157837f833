package org.llmfactory.evaluation.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.evaluation.Measurements;
import org.llmfactory.evaluation.run.Evaluation;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Json;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Metadata;
import org.llmfactory.rest.Requires;

/** One evaluation. */
@Path("{eval}")
@Produces(MediaType.APPLICATION_JSON)
public final class EvaluationResource {
    private final Measurements measurements;
    private final Known known;

    EvaluationResource(Measurements measurements) {
        this.measurements = measurements;
        this.known = new Known(measurements.evaluations());
    }

    @GET
    @Requires(Action.READ_JOB)
    public ObjectNode get(@Context SecurityContext security, @PathParam("eval") String id) {
        return Shapes.evaluation(known.require(Callers.of(security), Action.READ_JOB, id));
    }

    /** Changes the name and the metadata; by what is measured never changes. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.MANAGE_JOB)
    public ObjectNode update(@Context SecurityContext security, @PathParam("eval") String id, ObjectNode body) {
        Evaluation now = known.require(Callers.of(security), Action.MANAGE_JOB, id);
        JsonFields fields = JsonFields.of(body);
        ObjectNode document = now.document().deepCopy();
        if (fields.has("metadata")) {
            document.set("metadata", Json.MAPPER.valueToTree(Metadata.read(fields)));
        }
        Evaluation changed = new Evaluation(
                now.id(),
                now.project(),
                now.owner(),
                Inputs.name(fields).orElse(now.name()),
                now.created(),
                now.updated(),
                document);
        return Shapes.evaluation(measurements.evaluations().change(changed, Callers.actor(security)));
    }

    /** Its runs and all that they have measured go with it. */
    @DELETE
    @Requires(Action.MANAGE_JOB)
    public ObjectNode delete(@Context SecurityContext security, @PathParam("eval") String id) {
        Evaluation evaluation = known.require(Callers.of(security), Action.MANAGE_JOB, id);
        measurements.evaluations().delete(evaluation, Callers.actor(security));
        return Json.MAPPER
                .createObjectNode()
                .put("object", "eval.deleted")
                .put("deleted", true)
                .put("eval_id", id);
    }
}
