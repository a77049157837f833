package org.llmfactory.projects.rest.role;

import com.fasterxml.jackson.databind.node.ObjectNode;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.projects.rest.Deleted;
import org.llmfactory.projects.rest.Inputs;
import org.llmfactory.projects.rest.Pages.NextPage;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** The roles in the organization. They are fixed: asking for others is refused. */
@Path("/roles")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class OrganizationRolesResource {
    @GET
    @Requires(Action.READ_ORGANIZATION)
    public NextPage<PredefinedRole> list(
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("order") @Nullable String order) {
        return FixedRoles.ORGANIZATION.list(limit, after, order);
    }

    /** Always refused. */
    @POST
    @Requires(Action.MANAGE_ORGANIZATION)
    public PredefinedRole create(ObjectNode body) {
        Inputs.name(JsonFields.of(body), "role_name");
        throw FixedRoles.fixed();
    }

    @GET
    @Path("/{role}")
    @Requires(Action.READ_ORGANIZATION)
    public PredefinedRole get(@PathParam("role") String reference) {
        return FixedRoles.ORGANIZATION.get(reference);
    }

    /** Always refused. */
    @POST
    @Path("/{role}")
    @Requires(Action.MANAGE_ORGANIZATION)
    public PredefinedRole update(@PathParam("role") String reference) {
        get(reference);
        throw FixedRoles.fixed();
    }

    /** Always refused. */
    @DELETE
    @Path("/{role}")
    @Requires(Action.MANAGE_ORGANIZATION)
    public Deleted delete(@PathParam("role") String reference) {
        get(reference);
        throw FixedRoles.fixed();
    }
}
