package org.llmfactory.projects.rest.role;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages.NextPage;
import org.llmfactory.projects.rest.role.RoleChanges.Assignment;
import org.llmfactory.projects.state.Group;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.rest.Requires;

/** The role of a group in a project: what all of its people are there at least. */
@Path("/{project}/groups/{group}/roles")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ProjectGroupRolesResource {
    private final Administration administration;
    private final RoleChanges changes;

    public ProjectGroupRolesResource(Administration administration) {
        this.administration = administration;
        this.changes = new RoleChanges(administration, "group");
    }

    @GET
    @Requires(Action.READ_MEMBERS)
    public NextPage<AssignedRole> list(
            @PathParam("project") String project,
            @PathParam("group") String group,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("order") @Nullable String order) {
        return RoleChanges.list(roles(project, group), limit, after, order);
    }

    private List<AssignedRole> roles(String project, String group) {
        Organization now = administration.now();
        Lookup.project(now, project);
        Lookup.found(now.places().ofGroup(project, group), "group", group);
        return Assignments.project(now, project, Lookup.group(now, group));
    }

    /** Gives the group the role {@code role_id}, in place of the one it has. */
    @POST
    @Requires(Action.MANAGE_MEMBERS)
    public AssignedToGroup assign(
            @Context SecurityContext security,
            @PathParam("project") String project,
            @PathParam("group") String id,
            ObjectNode body) {
        ProjectRole role = PredefinedRole.projectRole(RoleChanges.wanted(body));
        Group group = changes.give(security, assignment(project, id, role), (change, now) -> {
            Group known = Lookup.group(now, id);
            change.groups().setGrant(project, id, role, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            return known;
        });
        return AssignedToGroup.of(group, PredefinedRole.of(role));
    }

    @GET
    @Path("/{role}")
    @Requires(Action.READ_MEMBERS)
    public AssignedRole get(
            @PathParam("project") String project,
            @PathParam("group") String group,
            @PathParam("role") String reference) {
        return Assignments.find(roles(project, group), reference);
    }

    @DELETE
    @Path("/{role}")
    @Requires(Action.MANAGE_MEMBERS)
    public Deleted unassign(
            @Context SecurityContext security,
            @PathParam("project") String project,
            @PathParam("group") String group,
            @PathParam("role") String reference) {
        ProjectRole role = PredefinedRole.projectRole(reference);
        return changes.take(
                security,
                assignment(project, group, role),
                reference,
                now -> now.places()
                        .ofGroup(project, group)
                        .filter(grant -> grant.role() == role)
                        .isPresent(),
                change -> change.groups().removeGrant(project, group));
    }

    private static Assignment assignment(String project, String group, ProjectRole role) {
        return new Assignment(Optional.of(project), group, PredefinedRole.of(role));
    }
}
