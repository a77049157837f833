package org.llmfactory.agent.network;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.PUT;
import javax.ws.rs.Path;
import javax.ws.rs.Produces;
import javax.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.agent.join.Beacon;
import org.llmfactory.agent.join.JoinToken;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** This agent's membership; for administrators. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class NetworkResource {
    private final NetworkMember member;

    NetworkResource(NetworkMember member) {
        this.member = member;
    }

    /** The membership; everything but the labels is absent while the agent is in no network. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Membership(
            boolean member,
            @Nullable String address,
            @Nullable String network,
            @Nullable String region,
            @Nullable List<String> controllers,
            @Nullable List<String> brokers,
            @Nullable Long expiresAt,
            Map<String, String> labels) {
        static Membership of(NetworkIdentity identity, Map<String, String> labels) {
            return new Membership(
                    true,
                    identity.self().toString(),
                    NetworkMember.network(identity),
                    identity.region(),
                    identity.controllers().stream()
                            .sorted()
                            .map(AgentAddress::toString)
                            .toList(),
                    identity.brokers().stream().map(URI::toString).toList(),
                    identity.chain().get(0).getNotAfter().toInstant().getEpochSecond(),
                    labels);
        }

        static Membership none(Map<String, String> labels) {
            return new Membership(false, null, null, null, null, null, null, labels);
        }
    }

    /** That the agent has left. */
    public record Left(boolean member, boolean controllerTold) {}

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public Membership get() {
        Map<String, String> labels = member.labels().labels();
        return member.identity()
                .map(identity -> Membership.of(identity, labels))
                .orElseGet(() -> Membership.none(labels));
    }

    /** Joins the network of a token. */
    @POST
    @Requires(Action.OPERATE_PLATFORM)
    public Membership join(ObjectNode body) throws InterruptedException {
        JsonFields fields = JsonFields.of(body);
        String where = fields.requiredString("url");
        JoinToken token = JoinToken.parse(fields.requiredString("token"));
        URI url = where.equals(Beacon.DISCOVER) ? Discovery.STANDARD.find(token.network()) : JoinClient.url(where);
        Optional<String> name = fields.string("name").map(text -> name(fields, text));
        member.join(url, token, name, fields.object("labels").map(NetworkResource::labels));
        return get();
    }

    /** Leaves it. */
    @DELETE
    @Requires(Action.OPERATE_PLATFORM)
    public Left leave() throws InterruptedException {
        return new Left(false, member.leave());
    }

    /** Gives the agent labels, in the place of those it had. */
    @PUT
    @Path("/labels")
    @Requires(Action.OPERATE_PLATFORM)
    public Membership label(ObjectNode body) {
        member.labels().set(labels(JsonFields.of(body)));
        return get();
    }

    private static String name(JsonFields fields, String name) {
        try {
            return new AgentAddress(AgentAddress.SHARED, name).name();
        } catch (IllegalArgumentException e) {
            throw fields.invalid("name", "lower-case letters, digits and '-', at most 63, the first no '-'");
        }
    }

    private static Map<String, String> labels(JsonFields fields) {
        Map<String, String> labels = new LinkedHashMap<>();
        fields.names().forEach(name -> labels.put(name, fields.requiredString(name)));
        return labels;
    }
}
