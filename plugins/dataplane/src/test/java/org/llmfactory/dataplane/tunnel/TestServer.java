package org.llmfactory.dataplane.tunnel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/** A server on a port of its own that does one thing with each connection. */
final class TestServer implements AutoCloseable {
    private final ServerSocket server;
    private final CompletableFuture<IOException> failure = new CompletableFuture<>();

    TestServer(Talk talk) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(() -> {
            while (!server.isClosed()) {
                Socket socket = server.accept();
                start(() -> {
                    try (socket) {
                        talk.with(socket);
                    }
                });
            }
        });
    }

    /** What it does. */
    interface Talk {
        void with(Socket socket) throws IOException;
    }

    private interface Work {
        void run() throws IOException;
    }

    private void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                failure.complete(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    String target() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** How a connection ended that did not end well. */
    CompletableFuture<IOException> failure() {
        return failure;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
