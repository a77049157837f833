package org.llmfactory.projects.rest.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import org.llmfactory.access.Resource;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.identity.User;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.rest.role.PredefinedRole;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** The people of a project, with the strongest role each has, groups included. */
@Path("/projects/{project}/users")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ProjectUsersResource {
    private final Administration administration;

    public ProjectUsersResource(Administration administration) {
        this.administration = administration;
    }

    @GET
    @Requires(Action.READ_MEMBERS)
    public Page<ProjectUserObject> list(
            @PathParam("project") String project,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after) {
        Organization now = administration.now();
        Lookup.project(now, project);
        return Pages.of(
                now.places().members(project),
                limit,
                after,
                member -> member.user().id(),
                ProjectUserObject::of);
    }

    /** Lets a person in, named by {@code user_id} or {@code email}. */
    @POST
    @Requires(Action.MANAGE_MEMBERS)
    public ProjectUserObject add(
            @Context SecurityContext security, @PathParam("project") String project, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        ProjectRole role = PredefinedRole.projectRole(fields, "role");
        String id = administration.change(security, (change, now) -> {
            Lookup.activeProject(now, project);
            User user = named(now, fields);
            if (now.places().own(project, user.id()).isPresent()) {
                throw new FactoryException(
                        ErrorCode.CONFLICT, "This person is in the project already; change his role instead.");
            }
            change.members().set(project, user.id(), role, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            change.enter("user.added", Optional.of(project), user.id(), Map.of("role", Inputs.word(role)));
            return user.id();
        });
        return get(project, id);
    }

    private static User named(Organization now, JsonFields fields) {
        Optional<String> id = fields.string("user_id");
        if (id.isPresent()) {
            return Lookup.user(now, id.get());
        }
        if (!fields.has("email")) {
            throw fields.missing("user_id");
        }
        String email = Inputs.email(fields, "email");
        return now.userByEmail(email).orElseThrow(() -> Resource.unknown(Resource.Kind.USER, email));
    }

    @GET
    @Path("/{user}")
    @Requires(Action.READ_MEMBERS)
    public ProjectUserObject get(@PathParam("project") String project, @PathParam("user") String user) {
        return ProjectUserObject.of(Lookup.member(administration.now(), project, user));
    }

    /** Changes the role that he has of his own. */
    @POST
    @Path("/{user}")
    @Requires(Action.MANAGE_MEMBERS)
    public ProjectUserObject update(
            @Context SecurityContext security,
            @PathParam("project") String project,
            @PathParam("user") String user,
            ObjectNode body) {
        ProjectRole role = PredefinedRole.projectRole(JsonFields.of(body), "role");
        administration.change(security, (change, now) -> {
            Lookup.activeProject(now, project);
            Lookup.member(now, project, user);
            change.members().set(project, user, role, Instant.now().truncatedTo(ChronoUnit.MILLIS));
            change.enter("user.updated", Optional.of(project), user, Map.of("role", Inputs.word(role)));
            return user;
        });
        return get(project, user);
    }

    /** Takes him out; the keys that he has there are revoked. */
    @DELETE
    @Path("/{user}")
    @Requires(Action.MANAGE_MEMBERS)
    public Deleted remove(
            @Context SecurityContext security, @PathParam("project") String project, @PathParam("user") String user) {
        administration.change(security, (change, now) -> {
            Lookup.activeProject(now, project);
            if (!Lookup.member(now, project, user).direct()) {
                throw new FactoryException(
                        ErrorCode.CONFLICT,
                        "This person is in the project through a group; take him out of the group.");
            }
            change.members().remove(project, user);
            change.enter("user.deleted", Optional.of(project), user, Map.of());
            return user;
        });
        return Deleted.of("organization.project.user.deleted", user);
    }
}
