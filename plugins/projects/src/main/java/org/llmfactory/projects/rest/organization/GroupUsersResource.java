package org.llmfactory.projects.rest.organization;

import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.llmfactory.api.identity.User;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.rest.Pages.NextPage;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** The people of a group. */
@Path("/groups/{group}/users")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class GroupUsersResource {
    private final Administration administration;

    public GroupUsersResource(Administration administration) {
        this.administration = administration;
    }

    /** A person in a group. */
    public record GroupUser(
            String id, String name, String email, @Nullable String picture, boolean isServiceAccount, String userType) {
        static GroupUser of(User user) {
            return new GroupUser(user.id(), user.name(), user.email(), null, false, "user");
        }
    }

    /** That somebody is in a group now. */
    public record Placed(String object, String userId, String groupId) {}

    @GET
    @Requires(Action.READ_ORGANIZATION)
    public NextPage<GroupUser> list(
            @PathParam("group") String group,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("order") @Nullable String order) {
        Organization now = administration.now();
        Lookup.group(now, group);
        return Pages.next(now.groups().people(group), limit, after, order, User::id, GroupUser::of);
    }

    @POST
    @Requires(Action.MANAGE_ORGANIZATION)
    public Placed add(@Context SecurityContext security, @PathParam("group") String group, ObjectNode body) {
        String user = JsonFields.of(body).requiredString("user_id");
        administration.change(security, (change, now) -> {
            Lookup.group(now, group);
            Lookup.user(now, user);
            if (!now.groups().placed(group, user)) {
                change.groups().addMember(group, user);
                change.enter("group.updated", Optional.empty(), group, Map.of("added_user", user));
            }
            return group;
        });
        return new Placed("group.user", user, group);
    }

    @GET
    @Path("/{user}")
    @Requires(Action.READ_ORGANIZATION)
    public GroupUser get(@PathParam("group") String group, @PathParam("user") String user) {
        Organization now = administration.now();
        Lookup.group(now, group);
        return GroupUser.of(member(now, group, user));
    }

    private static User member(Organization now, String group, String user) {
        return now.user(user)
                .filter(known -> now.groups().of(user).contains(group))
                .orElseThrow(() -> Resource.unknown(Resource.Kind.USER, user));
    }

    @DELETE
    @Path("/{user}")
    @Requires(Action.MANAGE_ORGANIZATION)
    public Deleted remove(
            @Context SecurityContext security, @PathParam("group") String group, @PathParam("user") String user) {
        administration.change(security, (change, now) -> {
            Lookup.group(now, group);
            member(now, group, user);
            if (!now.groups().placed(group, user)) {
                throw new FactoryException(
                        ErrorCode.CONFLICT,
                        "The identity provider says that this person is in the group; he leaves it there.");
            }
            change.groups().removeMember(group, user);
            change.enter("group.updated", Optional.empty(), group, Map.of("removed_user", user));
            return group;
        });
        return Deleted.of("group.user.deleted", user);
    }
}
