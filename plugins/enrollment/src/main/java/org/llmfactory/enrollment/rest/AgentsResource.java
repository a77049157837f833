package org.llmfactory.enrollment.rest;

import java.time.Instant;
import java.util.List;
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
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.enrollment.join.Members;
import org.llmfactory.enrollment.store.KnownAgent;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** The agents that were let in here, whether they run or not. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class AgentsResource {
    private final Members members;

    public AgentsResource(Members members) {
        this.members = members;
    }

    /**
     * An agent on the wire. Times are seconds since 1970.
     *
     * @param expiresAt when its last certificate ends; null when none works
     */
    public record AgentObject(
            String object,
            String address,
            String tenant,
            String name,
            long joinedAt,
            long renewedAt,
            @Nullable Long expiresAt,
            @Nullable Long revokedAt) {
        static AgentObject of(KnownAgent agent) {
            return new AgentObject(
                    "network.agent",
                    agent.address().toString(),
                    agent.address().tenant(),
                    agent.address().name(),
                    agent.joined().getEpochSecond(),
                    agent.renewed().getEpochSecond(),
                    agent.expires().map(Instant::getEpochSecond).orElse(null),
                    agent.revoked().map(Instant::getEpochSecond).orElse(null));
        }
    }

    /** What was removed. */
    public record Deleted(String object, String address, boolean deleted) {}

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public Page<AgentObject> list(
            @QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after) {
        List<AgentObject> all = members.list().stream().map(AgentObject::of).toList();
        Pagination.Query query = Pagination.Query.of(
                limit, TokensResource.DEFAULT_LIMIT, TokensResource.MAXIMUM_LIMIT, after, null, null, false);
        return Pagination.page(all, query, AgentObject::address);
    }

    @GET
    @Path("/{tenant}/{name}")
    @Requires(Action.OPERATE_PLATFORM)
    public AgentObject get(@PathParam("tenant") String tenant, @PathParam("name") String name) {
        return AgentObject.of(members.get(address(tenant, name)));
    }

    /** Puts an agent out of the network; it stays on the list. */
    @POST
    @Path("/{tenant}/{name}/revoke")
    @Requires(Action.OPERATE_PLATFORM)
    @Consumes(MediaType.WILDCARD)
    public AgentObject revoke(
            @Context SecurityContext security, @PathParam("tenant") String tenant, @PathParam("name") String name) {
        return AgentObject.of(members.revoke(address(tenant, name), Callers.actor(security)));
    }

    /** Puts an agent out of the network and takes it off the list. */
    @DELETE
    @Path("/{tenant}/{name}")
    @Requires(Action.OPERATE_PLATFORM)
    public Deleted delete(
            @Context SecurityContext security, @PathParam("tenant") String tenant, @PathParam("name") String name) {
        AgentAddress address = address(tenant, name);
        members.delete(address, Callers.actor(security));
        return new Deleted("network.agent.deleted", address.toString(), true);
    }

    private static AgentAddress address(String tenant, String name) {
        try {
            return new AgentAddress(tenant, name);
        } catch (IllegalArgumentException e) {
            throw new FactoryException(
                    ErrorCode.NOT_FOUND, "There is no agent '" + tenant + "/" + name + "' that was let in here.");
        }
    }
}
