package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.state.Project;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** One project. */
@Path("/projects/{project}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ProjectResource {
    private final Administration administration;

    public ProjectResource(Administration administration) {
        this.administration = administration;
    }

    @GET
    @Requires(Action.READ_PROJECT)
    public ProjectObject get(@PathParam("project") String id) {
        return ProjectObject.of(Lookup.project(administration.now(), id));
    }

    @POST
    @Requires(Action.UPDATE_PROJECT)
    public ProjectObject update(@Context SecurityContext security, @PathParam("project") String id, ObjectNode body) {
        Optional<String> name = Inputs.optionalName(JsonFields.of(body), "name");
        administration.change(security, (change, now) -> {
            Project project = Lookup.activeProject(now, id);
            name.filter(wanted -> !wanted.equals(project.name())).ifPresent(wanted -> {
                change.projects().rename(id, wanted);
                change.enter("project.updated", Optional.of(id), id, Map.of("name", wanted));
            });
            return id;
        });
        return get(id);
    }

    /** Ends a project for good: nobody works in it any more, and its keys are revoked. */
    @POST
    @Path("/archive")
    @Requires(Action.ARCHIVE_PROJECT)
    public ProjectObject archive(@Context SecurityContext security, @PathParam("project") String id) {
        if (id.equals(Caller.DEFAULT_PROJECT)) {
            throw new FactoryException(ErrorCode.INVALID_REQUEST, "The default project is always there.");
        }
        administration.change(security, (change, now) -> {
            Project project = Lookup.activeProject(now, id);
            change.projects().archive(id, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            change.enter("project.archived", Optional.of(id), id, Map.of("name", project.name()));
            return id;
        });
        return get(id);
    }
}
