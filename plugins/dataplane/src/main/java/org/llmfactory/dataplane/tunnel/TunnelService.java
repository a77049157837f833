package org.llmfactory.dataplane.tunnel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Callers;
import org.llmfactory.api.network.Membership;
import org.llmfactory.api.network.StreamListener;
import org.llmfactory.api.network.StreamService;
import org.llmfactory.dataplane.Config;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The far end of tunnels: dials the targets that are allowed here. */
@Component(service = StreamService.class, configurationPid = Config.PID)
public final class TunnelService implements StreamService {
    private static final Logger log = LoggerFactory.getLogger(TunnelService.class);
    private static final int DIAL_MILLISECONDS = 10_000;

    private final AgentAddress self;
    private final AllowedTargets allowed;
    private final Connections connections;
    private final Duration idle;
    private final ExecutorService readers = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "llmfactory-tunnel-target");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public TunnelService(Config config, @Reference Membership membership) {
        this(
                membership.self(),
                new AllowedTargets(config.tunnelTargets()),
                config.maxTunnelConnections(),
                Duration.ofSeconds(config.tunnelIdleSeconds()));
    }

    TunnelService(AgentAddress self, AllowedTargets allowed, int connections, Duration idle) {
        this.self = self;
        this.allowed = allowed;
        this.connections = new Connections(connections);
        this.idle = idle;
    }

    @Deactivate
    void stop() {
        connections.close();
        readers.shutdownNow();
    }

    @Override
    public String name() {
        return TunnelRequest.SERVICE;
    }

    @Override
    public Callers callers() {
        return Callers.TENANT;
    }

    @Override
    public StreamListener accept(AgentStream stream, byte[] request) {
        Target target = Target.parse(TunnelRequest.read(request).target());
        if (!allowed.include(target)) {
            log.warn("{} asked for a tunnel to {}, which is not allowed here", stream.peer(), target);
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED,
                    "The agent " + self + " does not allow tunnels to " + target
                            + "; its operator names the targets in " + "the property tunnelTargets of " + Config.PID
                            + ".");
        }
        connections.reserve();
        try {
            SocketPipe pipe = dial(target);
            connections.add(pipe);
            readers.execute(() -> read(pipe, stream));
            log.info("{} is connected to {} through a tunnel", stream.peer(), target);
            return pipe;
        } catch (IOException e) {
            connections.release();
            throw new FactoryException(
                    ErrorCode.OVERLOADED,
                    "The agent " + self + " cannot reach " + target + ": " + e.getMessage() + ".",
                    e);
        }
    }

    private SocketPipe dial(Target target) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(target.host(), target.port()), DIAL_MILLISECONDS);
            return new SocketPipe(socket, idle, bytes -> {});
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void read(SocketPipe pipe, AgentStream stream) {
        try {
            pipe.read(stream);
        } finally {
            connections.remove(pipe);
            connections.release();
        }
    }
}
