package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.llmfactory.access.Action;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** Whether a project keeps anything of what is said. */
@Path("/projects/{project}/data_retention")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class DataRetentionResource {
    private final Decisions decisions;

    public DataRetentionResource(Administration administration) {
        this.decisions = new Decisions(administration);
    }

    private static final String DEFAULT = "organization_default";
    private static final String NOTHING = "zero_data_retention";

    /** The retention as OpenAI shows it; the settings say it finer. */
    public record Retention(String object, String type) {}

    @GET
    @Requires(Action.READ_SETTINGS)
    public Retention get(@PathParam("project") String project) {
        ProjectSettings settings = decisions.of(project);
        boolean nothing = !settings.storePrompts()
                && settings.chatRetention().filter(Duration::isZero).isPresent();
        return new Retention("project.data_retention", nothing ? NOTHING : DEFAULT);
    }

    @POST
    @Requires(Action.MANAGE_SETTINGS)
    public Retention update(@Context SecurityContext security, @PathParam("project") String project, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        String type = fields.requiredString("retention_type");
        boolean nothing = switch (type) {
            case NOTHING -> true;
            case DEFAULT, "none" -> false;
            default -> throw fields.unsupported("retention_type", "Expected '" + DEFAULT + "' or '" + NOTHING + "'.");
        };
        decisions.decide(
                security,
                project,
                draft -> {
                    draft.storePrompts = draft.storePrompts && !nothing;
                    draft.chatRetention = nothing ? Optional.of(Duration.ZERO) : Optional.empty();
                },
                "project.updated",
                project,
                Map.of("retention_type", type));
        return get(project);
    }
}
