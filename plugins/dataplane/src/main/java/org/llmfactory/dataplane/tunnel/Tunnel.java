package org.llmfactory.dataplane.tunnel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.DataPlane;
import org.llmfactory.api.network.Lane;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The near end of a tunnel: listens on this machine only, and opens a stream for each connection. */
final class Tunnel implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Tunnel.class);
    private static final Duration OPENING = Duration.ofSeconds(20);
    private static final int BACKLOG = 64;

    private final String id;
    private final AgentAddress agent;
    private final Target target;
    private final DataPlane dataPlane;
    private final Connections connections;
    private final Duration idle;
    private final Instant created = Instant.now();
    private final ServerSocket server;
    private final Connections own = new Connections(Integer.MAX_VALUE);
    private final AtomicInteger open = new AtomicInteger();
    private final LongAdder bytes = new LongAdder();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "llmfactory-tunnel");
        thread.setDaemon(true);
        return thread;
    });
    private volatile @Nullable String failure;

    /** Listens. Connections are taken from {@link #start} on. */
    Tunnel(
            String id,
            AgentAddress agent,
            Target target,
            int port,
            DataPlane dataPlane,
            Connections connections,
            Duration idle)
            throws IOException {
        this.id = id;
        this.agent = agent;
        this.target = target;
        this.dataPlane = dataPlane;
        this.connections = connections;
        this.idle = idle;
        this.server = new ServerSocket();
        try {
            server.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), BACKLOG);
        } catch (IOException e) {
            server.close();
            throw e;
        }
    }

    void start() {
        threads.execute(this::acceptAll);
    }

    String id() {
        return id;
    }

    AgentAddress agent() {
        return agent;
    }

    Target target() {
        return target;
    }

    int port() {
        return server.getLocalPort();
    }

    Instant created() {
        return created;
    }

    /** Connections that are open now. */
    int open() {
        return open.get();
    }

    /** Bytes that have passed, both ways. */
    long bytes() {
        return bytes.sum();
    }

    /** Why the last connection could not be carried on; empty when the last one could. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    private void acceptAll() {
        try {
            while (!server.isClosed()) {
                take(server.accept());
            }
        } catch (IOException | RejectedExecutionException e) {
            if (!server.isClosed()) {
                failure = "The tunnel takes no more connections: " + e.getMessage();
                log.warn("The tunnel {} takes no more connections", id, e);
            }
        }
    }

    private void take(Socket socket) {
        SocketPipe pipe = new SocketPipe(socket, idle, bytes::add);
        try {
            connections.reserve();
        } catch (FactoryException e) {
            refuse(pipe, e);
            return;
        }
        own.add(pipe);
        open.incrementAndGet();
        threads.execute(() -> carry(pipe));
    }

    private void carry(SocketPipe pipe) {
        try {
            byte[] request = new TunnelRequest(target.toString()).write();
            AgentStream stream = dataPlane.open(agent, TunnelRequest.SERVICE, Lane.DATA, request, pipe, OPENING);
            failure = null;
            pipe.read(stream);
        } catch (FactoryException e) {
            refuse(pipe, e);
        } catch (InterruptedException e) {
            pipe.reset();
            Thread.currentThread().interrupt();
        } finally {
            own.remove(pipe);
            open.decrementAndGet();
            connections.release();
        }
    }

    private void refuse(SocketPipe pipe, FactoryException reason) {
        failure = reason.getMessage();
        log.info("A connection to {} of {} was refused: {}", target, agent, reason.getMessage());
        pipe.reset();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            log.warn("The tunnel {} could not be closed properly", id, e);
        }
        own.close();
        threads.shutdownNow();
    }
}
