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
import org.llmfactory.projects.rest.organization.UserObject;
import org.llmfactory.projects.rest.role.RoleChanges.Assignment;
import org.llmfactory.projects.state.Member;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.rest.Requires;

/** The roles of a person in a project. He has one of his own at most; his groups may add to it. */
@Path("/{project}/users/{user}/roles")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ProjectUserRolesResource {
    private final Administration administration;
    private final RoleChanges changes;

    public ProjectUserRolesResource(Administration administration) {
        this.administration = administration;
        this.changes = new RoleChanges(administration, "user");
    }

    @GET
    @Requires(Action.READ_MEMBERS)
    public NextPage<AssignedRole> list(
            @PathParam("project") String project,
            @PathParam("user") String user,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("order") @Nullable String order) {
        return RoleChanges.list(roles(project, user), limit, after, order);
    }

    private List<AssignedRole> roles(String project, String user) {
        Organization now = administration.now();
        Member member = Lookup.member(now, project, user);
        return Assignments.project(now, project, member.user());
    }

    /** Gives him the role {@code role_id}, in place of the one he has of his own; lets him in if need be. */
    @POST
    @Requires(Action.MANAGE_MEMBERS)
    public UserRolesResource.Assigned assign(
            @Context SecurityContext security,
            @PathParam("project") String project,
            @PathParam("user") String id,
            ObjectNode body) {
        ProjectRole role = PredefinedRole.projectRole(RoleChanges.wanted(body));
        changes.give(security, assignment(project, id, role), (change, now) -> {
            Lookup.user(now, id);
            change.members().set(project, id, role, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            return id;
        });
        Organization now = administration.now();
        return new UserRolesResource.Assigned(
                "user.role", UserObject.in(now, Lookup.user(now, id), project), PredefinedRole.of(role));
    }

    @GET
    @Path("/{role}")
    @Requires(Action.READ_MEMBERS)
    public AssignedRole get(
            @PathParam("project") String project, @PathParam("user") String user, @PathParam("role") String reference) {
        return Assignments.find(roles(project, user), reference);
    }

    /** Takes the role that he has of his own; unless his groups let him in, he is out then. */
    @DELETE
    @Path("/{role}")
    @Requires(Action.MANAGE_MEMBERS)
    public Deleted unassign(
            @Context SecurityContext security,
            @PathParam("project") String project,
            @PathParam("user") String user,
            @PathParam("role") String reference) {
        ProjectRole role = PredefinedRole.projectRole(reference);
        return changes.take(
                security,
                assignment(project, user, role),
                reference,
                now -> now.places()
                        .own(project, user)
                        .filter(place -> place.role() == role)
                        .isPresent(),
                change -> change.members().remove(project, user));
    }

    private static Assignment assignment(String project, String user, ProjectRole role) {
        return new Assignment(Optional.of(project), user, PredefinedRole.of(role));
    }
}
