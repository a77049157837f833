package org.llmfactory.messaging.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;

/** Server sockets that speak TLS 1.3 only and let in nobody without a certificate. */
final class StrictServerSocketFactory extends SSLServerSocketFactory {
    private final SSLServerSocketFactory sockets;

    StrictServerSocketFactory(SSLServerSocketFactory sockets) {
        this.sockets = sockets;
    }

    private static ServerSocket strict(ServerSocket socket) {
        SSLServerSocket server = (SSLServerSocket) socket;
        server.setEnabledProtocols(MutualTls.VERSIONS);
        server.setNeedClientAuth(true);
        return server;
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return strict(sockets.createServerSocket());
    }

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return strict(sockets.createServerSocket(port));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) throws IOException {
        return strict(sockets.createServerSocket(port, backlog));
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
        return strict(sockets.createServerSocket(port, backlog, address));
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.getSupportedCipherSuites();
    }
}
