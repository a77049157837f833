package org.llmfactory.dataplane.tunnel;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import javax.ws.rs.Consumes;
import javax.ws.rs.DELETE;
import javax.ws.rs.GET;
import javax.ws.rs.POST;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.Produces;
import javax.ws.rs.core.Context;
import javax.ws.rs.core.MediaType;
import javax.ws.rs.core.SecurityContext;
import org.jspecify.annotations.Nullable;
import org.llmfactory.access.Action;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.rest.JsonFields;
import org.llmfactory.rest.Requires;

/** The tunnels that begin on this agent; for administrators. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class TunnelsResource {
    private static final int HIGHEST_PORT = 65535;

    private final Tunnels tunnels;
    private final TunnelAudit audit;

    TunnelsResource(Tunnels tunnels, TunnelAudit audit) {
        this.tunnels = tunnels;
        this.audit = audit;
    }

    /** All tunnels, the oldest first. */
    public record TunnelList(String object, List<TunnelInfo> data) {}

    /**
     * A tunnel.
     *
     * @param host where it listens, on this machine only
     * @param connections that are open now
     * @param bytes that have passed, both ways
     * @param lastFailure why the last connection could not be carried on, null when it could
     */
    public record TunnelInfo(
            String id,
            String object,
            long createdAt,
            String agent,
            String target,
            String host,
            int port,
            int connections,
            long bytes,
            @Nullable String lastFailure) {
        static TunnelInfo of(Tunnel tunnel) {
            return new TunnelInfo(
                    tunnel.id(),
                    "tunnel",
                    tunnel.created().getEpochSecond(),
                    tunnel.agent().toString(),
                    tunnel.target().toString(),
                    "127.0.0.1",
                    tunnel.port(),
                    tunnel.open(),
                    tunnel.bytes(),
                    tunnel.failure().orElse(null));
        }
    }

    /** What was closed. */
    public record Closed(String id, String object, boolean deleted) {}

    @GET
    @Requires(Action.OPERATE_PLATFORM)
    public TunnelList list() {
        return new TunnelList(
                "list", tunnels.list().stream().map(TunnelInfo::of).toList());
    }

    /** Opens a tunnel; it takes connections when this has answered. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Requires(Action.OPERATE_PLATFORM)
    public TunnelInfo open(@Context SecurityContext security, ObjectNode body) {
        JsonFields fields = JsonFields.of(body);
        AgentAddress agent = agent(fields);
        Target target = Target.parse(fields.requiredString("target"));
        Tunnel tunnel = tunnels.open(
                agent, target, fields.integer("port", 0, HIGHEST_PORT).orElse(0));
        try {
            audit.opened(security, tunnel);
        } catch (FactoryException e) {
            tunnels.close(tunnel);
            throw e;
        }
        tunnel.start();
        return TunnelInfo.of(tunnel);
    }

    @GET
    @Path("{id}")
    @Requires(Action.OPERATE_PLATFORM)
    public TunnelInfo get(@PathParam("id") String id) {
        return TunnelInfo.of(find(id));
    }

    /** Closes a tunnel and the connections through it. */
    @DELETE
    @Path("{id}")
    @Requires(Action.OPERATE_PLATFORM)
    public Closed close(@Context SecurityContext security, @PathParam("id") String id) {
        Tunnel tunnel = find(id);
        audit.closed(security, tunnel);
        tunnels.close(tunnel);
        return new Closed(id, "tunnel", true);
    }

    private Tunnel find(String id) {
        return tunnels.find(id)
                .orElseThrow(() -> new FactoryException(ErrorCode.NOT_FOUND, "There is no tunnel '" + id + "'."));
    }

    private static AgentAddress agent(JsonFields fields) {
        String text = fields.requiredString("agent");
        try {
            return AgentAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw FactoryException.ofParameter(
                    ErrorCode.INVALID_VALUE, "agent", "Invalid 'agent': " + e.getMessage() + ".");
        }
    }
}
