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
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages.NextPage;
import org.llmfactory.projects.rest.organization.UserObject;
import org.llmfactory.projects.rest.role.RoleChanges.Assignment;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.rest.Requires;

/** The roles of a person in the organization. He has one of his own; his groups may add to it. */
@Path("/users/{user}/roles")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class UserRolesResource {
    private final Administration administration;
    private final RoleChanges changes;

    public UserRolesResource(Administration administration) {
        this.administration = administration;
        this.changes = new RoleChanges(administration, "user");
    }

    /** That somebody has a role now. */
    public record Assigned(String object, UserObject user, PredefinedRole role) {}

    @GET
    @Requires(Action.READ_ORGANIZATION)
    public NextPage<AssignedRole> list(
            @PathParam("user") String user,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("order") @Nullable String order) {
        return RoleChanges.list(roles(user), limit, after, order);
    }

    private List<AssignedRole> roles(String user) {
        Organization now = administration.now();
        return Assignments.organization(now, Lookup.user(now, user));
    }

    /** Gives him the role {@code role_id}, in place of the one he has of his own. */
    @POST
    @Requires(Action.MANAGE_ORGANIZATION)
    public Assigned assign(@Context SecurityContext security, @PathParam("user") String user, ObjectNode body) {
        OrganizationRole role = PredefinedRole.organizationRole(RoleChanges.wanted(body));
        changes.give(security, assignment(user, role), (change, now) -> {
            Lookup.user(now, user);
            change.users().setRole(user, role);
            return user;
        });
        Organization now = administration.now();
        return new Assigned("user.role", UserObject.of(now, Lookup.user(now, user)), PredefinedRole.of(role));
    }

    @GET
    @Path("/{role}")
    @Requires(Action.READ_ORGANIZATION)
    public AssignedRole get(@PathParam("user") String user, @PathParam("role") String reference) {
        return Assignments.find(roles(user), reference);
    }

    /** Takes the role of an owner from him: he is a reader then, as everyone is. */
    @DELETE
    @Path("/{role}")
    @Requires(Action.MANAGE_ORGANIZATION)
    public Deleted unassign(
            @Context SecurityContext security, @PathParam("user") String user, @PathParam("role") String reference) {
        OrganizationRole role = PredefinedRole.organizationRole(reference);
        if (role != OrganizationRole.OWNER) {
            throw new FactoryException(
                    ErrorCode.INVALID_REQUEST, "Everyone is at least a reader; remove the user from the organization.");
        }
        return changes.take(
                security,
                assignment(user, role),
                reference,
                now -> now.ownRole(user) == OrganizationRole.OWNER,
                change -> change.users().setRole(user, OrganizationRole.READER));
    }

    private static Assignment assignment(String user, OrganizationRole role) {
        return new Assignment(Optional.empty(), user, PredefinedRole.of(role));
    }
}
