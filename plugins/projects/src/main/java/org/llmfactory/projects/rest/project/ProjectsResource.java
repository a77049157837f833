package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.Consumes;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
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
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.database.Ids;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.state.Project;
import org.llmfactory.projects.store.Change;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** The projects. */
@Path("/projects")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ProjectsResource {
    private final Administration administration;

    public ProjectsResource(Administration administration) {
        this.administration = administration;
    }

    /** Those that the caller may know of. */
    @GET
    @Requires(Action.READ_PROJECT)
    public Page<ProjectObject> list(
            @Context SecurityContext security,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("include_archived") boolean includeArchived) {
        Caller caller = Callers.of(security);
        List<Project> projects = administration.now().projects().stream()
                .filter(project -> includeArchived || project.active())
                .filter(project -> AccessPolicy.allows(caller, Action.READ_PROJECT, Resource.project(project.id())))
                .toList();
        return Pages.of(projects, limit, after, Project::id, ProjectObject::of);
    }

    /** Makes a project. Whoever makes it owns it, unless it is the platform itself. */
    @POST
    @Requires(Action.CREATE_PROJECT)
    public ProjectObject create(@Context SecurityContext security, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        if (fields.has("residency") || fields.has("external_key_id")) {
            throw fields.unsupported(
                    fields.has("residency") ? "residency" : "external_key_id", "Everything stays on this platform.");
        }
        Project project = new Project(
                Ids.next("proj_"),
                Inputs.name(fields, "name"),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                Optional.empty());
        Optional<String> founder = Optional.of(Callers.of(security))
                .filter(caller -> caller.kind() == Caller.Kind.USER)
                .map(Caller::id);
        administration.change(security, (change, now) -> {
            change.projects().insert(project);
            change.enter("project.created", Optional.of(project.id()), project.id(), Map.of("name", project.name()));
            founder.flatMap(now::user).ifPresent(user -> found(change, project, user));
            return project;
        });
        return ProjectObject.of(project);
    }

    private static void found(Change change, Project project, User founder) {
        change.members().set(project.id(), founder.id(), ProjectRole.OWNER, project.created());
        change.enter("user.added", Optional.of(project.id()), founder.id(), Map.of("role", "owner"));
    }
}
