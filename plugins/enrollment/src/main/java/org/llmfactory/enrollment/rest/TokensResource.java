package org.llmfactory.enrollment.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
import org.llmfactory.agent.join.JoinKind;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.enrollment.join.Tokens;
import org.llmfactory.rest.Callers;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Pagination;
import org.llmfactory.rest.Pagination.Page;
import org.llmfactory.rest.Requires;

/** The tokens. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class TokensResource {
    private static final Duration VALIDITY = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(7);
    static final int DEFAULT_LIMIT = 100;
    static final int MAXIMUM_LIMIT = 1000;

    private final Tokens tokens;
    private final Clock clock;

    public TokensResource(Tokens tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public Page<TokenObject> list(
            @QueryParam("limit") @Nullable String limit, @QueryParam("after") @Nullable String after) {
        List<TokenObject> all = tokens.list().stream()
                .map(token -> TokenObject.of(token, Optional.empty(), clock.instant()))
                .toList();
        Pagination.Query query = Pagination.Query.of(limit, DEFAULT_LIMIT, MAXIMUM_LIMIT, after, null, null, false);
        return Pagination.page(all, query, TokenObject::id);
    }

    /** Makes a token. It is in the answer, and nowhere else. */
    @POST
    @Requires(Action.OPERATE_PLATFORM)
    public TokenObject create(@Context SecurityContext security, ObjectNode body) throws InterruptedException {
        Tokens.Made made = tokens.create(order(JsonFields.of(body)), Callers.actor(security));
        return TokenObject.of(made.token(), Optional.of(made.secret().text()), clock.instant());
    }

    private static Tokens.Order order(JsonFields fields) {
        JoinKind kind = fields.string("kind")
                .map(word ->
                        JoinKind.of(word).orElseThrow(() -> fields.invalid("kind", "expected 'node' or 'controller'")))
                .orElse(JoinKind.NODE);
        if (kind == JoinKind.CONTROLLER && fields.has("tenant")) {
            throw fields.invalid("tenant", "controllers belong to the platform, nodes to a tenant");
        }
        OptionalLong seconds = fields.longInteger("valid_seconds", 1, LONGEST.toSeconds());
        return new Tokens.Order(
                kind,
                fields.string("tenant").orElse(AgentAddress.SHARED),
                fields.string("name").map(name -> name(fields, name)),
                seconds.isPresent() ? Duration.ofSeconds(seconds.getAsLong()) : VALIDITY);
    }

    private static String name(JsonFields fields, String name) {
        try {
            return new AgentAddress(AgentAddress.SHARED, name).name();
        } catch (IllegalArgumentException e) {
            throw fields.invalid("name", "expected lower-case letters, digits and '-', at most 63, the first no '-'");
        }
    }

    /** Takes a token back that nobody has used. */
    @DELETE
    @Path("/{token}")
    @Requires(Action.OPERATE_PLATFORM)
    public TokenObject revoke(@Context SecurityContext security, @PathParam("token") String id) {
        return TokenObject.of(tokens.revoke(id, Callers.actor(security)), Optional.empty(), clock.instant());
    }
}
