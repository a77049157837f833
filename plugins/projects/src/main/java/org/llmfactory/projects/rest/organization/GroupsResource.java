package org.llmfactory.projects.rest.organization;

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
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.database.Ids;
import org.llmfactory.projects.rest.Administration;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Lookup;
import org.llmfactory.projects.rest.Pages;
import org.llmfactory.projects.rest.Pages.NextPage;
import org.llmfactory.projects.state.Group;
import org.llmfactory.projects.state.Organization;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** The groups of the organization. */
@Path("/groups")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class GroupsResource {
    private final Administration administration;

    public GroupsResource(Administration administration) {
        this.administration = administration;
    }

    @GET
    @Requires(Action.READ_ORGANIZATION)
    public NextPage<GroupObject> list(
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("order") @Nullable String order) {
        return Pages.next(administration.now().groups().all(), limit, after, order, Group::id, GroupObject::of);
    }

    @POST
    @Requires(Action.MANAGE_ORGANIZATION)
    public GroupObject create(@Context SecurityContext security, ObjectNode body) {
        Group group = new Group(
                Ids.next("group-"),
                Inputs.name(JsonFields.of(body), "name"),
                OrganizationRole.NONE,
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        administration.change(security, (change, now) -> {
            requireFree(now, group.name());
            change.groups().insert(group);
            change.enter("group.created", Optional.empty(), group.id(), Map.of("group_name", group.name()));
            return group;
        });
        return GroupObject.of(group);
    }

    private static void requireFree(Organization now, String name) {
        if (now.groups().all().stream().anyMatch(group -> group.name().equals(name))) {
            throw new FactoryException(ErrorCode.CONFLICT, "There is a group of this name.");
        }
    }

    @GET
    @Path("/{group}")
    @Requires(Action.READ_ORGANIZATION)
    public GroupObject get(@PathParam("group") String id) {
        return GroupObject.of(Lookup.group(administration.now(), id));
    }

    @POST
    @Path("/{group}")
    @Requires(Action.MANAGE_ORGANIZATION)
    public GroupObject rename(@Context SecurityContext security, @PathParam("group") String id, ObjectNode body) {
        String name = Inputs.name(JsonFields.of(body), "name");
        administration.change(security, (change, now) -> {
            if (!Lookup.group(now, id).name().equals(name)) {
                requireFree(now, name);
                change.groups().rename(id, name);
                change.enter("group.updated", Optional.empty(), id, Map.of("group_name", name));
            }
            return id;
        });
        return get(id);
    }

    @DELETE
    @Path("/{group}")
    @Requires(Action.MANAGE_ORGANIZATION)
    public Deleted delete(@Context SecurityContext security, @PathParam("group") String id) {
        administration.change(security, (change, now) -> {
            Group group = Lookup.group(now, id);
            change.groups().delete(id);
            change.enter("group.deleted", Optional.empty(), id, Map.of("group_name", group.name()));
            return id;
        });
        return Deleted.of("group.deleted", id);
    }
}
