package org.llmfactory.projects.rest.role;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages.NextPage;
import org.llmfactory.projects.rest.role.RoleChanges.Assignment;
import org.llmfactory.projects.state.Group;
import org.llmfactory.rest.Requires;

/** The role of a group in the organization: what all of its people are at least. */
@Path("/groups/{group}/roles")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class GroupRolesResource {
    private final Administration administration;
    private final RoleChanges changes;

    public GroupRolesResource(Administration administration) {
        this.administration = administration;
        this.changes = new RoleChanges(administration, "group");
    }

    @GET
    @Requires(Action.READ_ORGANIZATION)
    public NextPage<AssignedRole> list(
            @PathParam("group") String group,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("order") @Nullable String order) {
        return RoleChanges.list(roles(group), limit, after, order);
    }

    private List<AssignedRole> roles(String group) {
        return Assignments.organization(Lookup.group(administration.now(), group));
    }

    /** Gives the group the role {@code role_id}, in place of the one it has. */
    @POST
    @Requires(Action.MANAGE_ORGANIZATION)
    public AssignedToGroup assign(@Context SecurityContext security, @PathParam("group") String id, ObjectNode body) {
        OrganizationRole role = PredefinedRole.organizationRole(RoleChanges.wanted(body));
        Group group = changes.give(security, assignment(id, role), (change, now) -> {
            Group known = Lookup.group(now, id);
            change.groups().setRole(id, role);
            return known;
        });
        return AssignedToGroup.of(group, PredefinedRole.of(role));
    }

    @GET
    @Path("/{role}")
    @Requires(Action.READ_ORGANIZATION)
    public AssignedRole get(@PathParam("group") String group, @PathParam("role") String reference) {
        return Assignments.find(roles(group), reference);
    }

    @DELETE
    @Path("/{role}")
    @Requires(Action.MANAGE_ORGANIZATION)
    public Deleted unassign(
            @Context SecurityContext security, @PathParam("group") String id, @PathParam("role") String reference) {
        OrganizationRole role = PredefinedRole.organizationRole(reference);
        return changes.take(
                security,
                assignment(id, role),
                reference,
                now -> Lookup.group(now, id).role() == role,
                change -> change.groups().setRole(id, OrganizationRole.NONE));
    }

    private static Assignment assignment(String group, OrganizationRole role) {
        return new Assignment(Optional.empty(), group, PredefinedRole.of(role));
    }
}
