package org.llmfactory.dataplane.tunnel;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Membership;
import org.llmfactory.dataplane.Config;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The tunnels that begin on this agent, until they are closed or the agent stops. */
@Component(service = Tunnels.class, configurationPid = Config.PID)
public final class Tunnels {
    private static final int ID_BYTES = 8;

    private final AgentAddress self;
    private final DataPlane dataPlane;
    private final int limit;
    private final Duration idle;
    private final Connections connections;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Tunnel> tunnels = new ConcurrentHashMap<>();

    @Activate
    public Tunnels(Config config, @Reference Membership membership, @Reference DataPlane dataPlane) {
        this(
                membership.self(),
                dataPlane,
                config.maxTunnels(),
                config.maxTunnelConnections(),
                Duration.ofSeconds(config.tunnelIdleSeconds()));
    }

    Tunnels(AgentAddress self, DataPlane dataPlane, int limit, int connections, Duration idle) {
        this.self = self;
        this.dataPlane = dataPlane;
        this.limit = limit;
        this.idle = idle;
        this.connections = new Connections(connections);
    }

    /**
     * Opens a tunnel, which listens when this returns and takes connections once it is {@linkplain Tunnel#start started}.
     *
     * @param port on this machine; 0 for any that is free
     */
    synchronized Tunnel open(AgentAddress agent, Target target, int port) {
        if (!self.mayReach(agent)) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED,
                    "The agent " + self + " may not reach " + agent + ", of another tenant.");
        }
        if (tunnels.size() >= limit) {
            throw new FactoryException(
                    ErrorCode.CONFLICT, "There are " + limit + " tunnels, as many as there may be; close one first.");
        }
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        String id = "tunnel-" + HexFormat.of().formatHex(bytes);
        try {
            Tunnel tunnel = new Tunnel(id, agent, target, port, dataPlane, connections, idle);
            tunnels.put(id, tunnel);
            return tunnel;
        } catch (IOException e) {
            throw new FactoryException(
                    ErrorCode.CONFLICT,
                    "The port " + port + " of 127.0.0.1 cannot be listened on: " + e.getMessage()
                            + ". Choose another, or 0 for any.",
                    e);
        }
    }

    /** The oldest first. */
    List<Tunnel> list() {
        return tunnels.values().stream()
                .sorted(Comparator.comparing(Tunnel::created).thenComparing(Tunnel::id))
                .toList();
    }

    Optional<Tunnel> find(String id) {
        return Optional.ofNullable(tunnels.get(id));
    }

    /** Closes a tunnel and its connections. */
    void close(Tunnel tunnel) {
        tunnels.remove(tunnel.id());
        tunnel.close();
    }

    @Deactivate
    void stop() {
        list().forEach(this::close);
    }
}
