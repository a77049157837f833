package org.llmfactory.fleet.rest;

import java.util.List;
import java.util.function.Predicate;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.QueryParam;
import javax.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.api.network.Fleet.Member;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Requires;

/** Which agents there are, and what each says of itself. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class AgentsResource {
    private static final int PAGE = 100;
    private static final int LARGEST_PAGE = 1000;

    private final Fleet fleet;

    AgentsResource(Fleet fleet) {
        this.fleet = fleet;
    }

    /** The agents, by address. */
    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public Pagination.Page<AgentObject> list(
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("after") @Nullable String after,
            @QueryParam("before") @Nullable String before,
            @QueryParam("order") @Nullable String order,
            @QueryParam("region") @Nullable String region,
            @QueryParam("tenant") @Nullable String tenant,
            @QueryParam("alive") @Nullable String alive) {
        Pagination.Query query = Pagination.Query.of(limit, PAGE, LARGEST_PAGE, after, before, order, false);
        Predicate<Member> wanted = isAlive(alive)
                .and(member -> region == null || region.equals(member.report().region()))
                .and(member -> tenant == null || tenant.equals(member.address().tenant()));
        List<Member> members = fleet.members().stream().filter(wanted).toList();
        Pagination.Page<Member> page =
                Pagination.page(members, query, member -> member.address().toString());
        return new Pagination.Page<>(
                page.object(),
                page.data().stream().map(AgentObject::of).toList(),
                page.firstId(),
                page.lastId(),
                page.hasMore());
    }

    @GET
    @Path("/{tenant}/{name}")
    @Requires(Action.OPERATE_PLATFORM)
    public AgentObject read(@PathParam("tenant") String tenant, @PathParam("name") String name) {
        return AgentObject.of(Members.find(fleet, tenant, name));
    }

    private static Predicate<Member> isAlive(@Nullable String wanted) {
        if (wanted == null || wanted.isEmpty()) {
            return member -> true;
        }
        return switch (wanted) {
            case "true" -> Member::alive;
            case "false" -> member -> !member.alive();
            default ->
                throw FactoryException.ofParameter(
                        ErrorCode.INVALID_VALUE, "alive", "Invalid 'alive': expected 'true' or 'false'.");
        };
    }
}
