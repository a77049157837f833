package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.llmfactory.api.project.ModelPermissions;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** Which base models a project may use. */
@Path("/projects/{project}/model_permissions")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ModelPermissionsResource {
    private final Decisions decisions;

    public ModelPermissionsResource(Administration administration) {
        this.decisions = new Decisions(administration);
    }

    private static final int MANY = 1000;

    /** The permissions as OpenAI shows them. */
    public record Permissions(String object, String mode, List<String> modelIds) {
        public Permissions {
            modelIds = List.copyOf(modelIds);
        }
    }

    /** That nothing is decided any more. */
    public record Lifted(String object, boolean deleted) {}

    @GET
    @Requires(Action.READ_SETTINGS)
    public Permissions get(@PathParam("project") String project) {
        ModelPermissions models = decisions.of(project).models();
        return new Permissions(
                "project.model_permissions",
                Inputs.word(models.mode()),
                models.models().stream().sorted().toList());
    }

    @POST
    @Requires(Action.MANAGE_LIMITS)
    public Permissions update(
            @Context SecurityContext security, @PathParam("project") String project, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        ModelPermissions.Mode mode = Inputs.word(fields, "mode", ModelPermissions.Mode.class);
        if (!fields.has("model_ids")) {
            throw fields.missing("model_ids");
        }
        List<String> ids = fields.strings("model_ids", MANY);
        decide(security, project, new ModelPermissions(mode, Set.copyOf(ids)));
        return get(project);
    }

    /** Every model is open again. */
    @DELETE
    @Requires(Action.MANAGE_LIMITS)
    public Lifted lift(@Context SecurityContext security, @PathParam("project") String project) {
        decide(security, project, ModelPermissions.ALL);
        return new Lifted("project.model_permissions.deleted", true);
    }

    private void decide(SecurityContext security, String project, ModelPermissions models) {
        decisions.decide(
                security,
                project,
                draft -> draft.models = models,
                "project.updated",
                project,
                Map.of(
                        "model_permissions", Inputs.word(models.mode()),
                        "model_ids", models.models().stream().sorted().toList()));
    }
}
