package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.Consumes;
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
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.rest.Pages.NextPage;
import org.llmfactory.projects.rest.role.PredefinedRole;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.projects.state.Rows;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** The groups whose people belong to a project. */
@Path("/projects/{project}/groups")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ProjectGroupsResource {
    private final Administration administration;

    public ProjectGroupsResource(Administration administration) {
        this.administration = administration;
    }

    @GET
    @Requires(Action.READ_MEMBERS)
    public NextPage<ProjectGroupObject> list(
            @PathParam("project") String project,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("order") @Nullable String order) {
        Organization now = administration.now();
        Lookup.project(now, project);
        List<Rows.GroupGrant> grants = now.places().ofGroups().stream()
                .filter(grant -> grant.project().equals(project))
                .toList();
        return Pages.next(
                grants, limit, after, order, Rows.GroupGrant::group, grant -> ProjectGroupObject.of(now, grant));
    }

    /** Lets a group in; {@code role} is the id of a role, or its name. */
    @POST
    @Requires(Action.MANAGE_MEMBERS)
    public ProjectGroupObject add(
            @Context SecurityContext security, @PathParam("project") String project, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        String group = fields.requiredString("group_id");
        ProjectRole role = PredefinedRole.projectRole(fields, "role");
        administration.change(security, (change, now) -> {
            Lookup.activeProject(now, project);
            Lookup.group(now, group);
            change.groups().setGrant(project, group, role, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            change.enter("role.assignment.created", Optional.of(project), group, Map.of("role", Inputs.word(role)));
            return group;
        });
        return get(project, group);
    }

    @GET
    @Path("/{group}")
    @Requires(Action.READ_MEMBERS)
    public ProjectGroupObject get(@PathParam("project") String project, @PathParam("group") String group) {
        Organization now = administration.now();
        Lookup.project(now, project);
        return ProjectGroupObject.of(now, Lookup.found(now.places().ofGroup(project, group), "group", group));
    }

    @DELETE
    @Path("/{group}")
    @Requires(Action.MANAGE_MEMBERS)
    public Deleted remove(
            @Context SecurityContext security, @PathParam("project") String project, @PathParam("group") String group) {
        administration.change(security, (change, now) -> {
            Lookup.activeProject(now, project);
            Rows.GroupGrant grant = Lookup.found(now.places().ofGroup(project, group), "group", group);
            change.groups().removeGrant(project, group);
            change.enter(
                    "role.assignment.deleted", Optional.of(project), group, Map.of("role", Inputs.word(grant.role())));
            return group;
        });
        return Deleted.of("project.group.deleted", group);
    }
}
