package org.llmfactory.messaging.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Sockets that speak TLS 1.3 only, each of a factory of its own. */
final class StrictSocketFactory extends SSLSocketFactory {
    private final Supplier<SSLSocketFactory> sockets;

    StrictSocketFactory(Supplier<SSLSocketFactory> sockets) {
        this.sockets = sockets;
    }

    private static Socket strict(Socket socket) {
        ((SSLSocket) socket).setEnabledProtocols(MutualTls.VERSIONS);
        return socket;
    }

    @Override
    public Socket createSocket() throws IOException {
        return strict(sockets.get().createSocket());
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean close) throws IOException {
        return strict(sockets.get().createSocket(socket, host, port, close));
    }

    @Override
    public Socket createSocket(Socket socket, @Nullable InputStream consumed, boolean close) throws IOException {
        SSLSocket server = (SSLSocket) strict(sockets.get().createSocket(socket, consumed, close));
        server.setNeedClientAuth(true);
        return server;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        return strict(sockets.get().createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
        return strict(sockets.get().createSocket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        return strict(sockets.get().createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
        return strict(sockets.get().createSocket(host, port, local, localPort));
    }

    @Override
    public String[] getDefaultCipherSuites() {
        return sockets.get().getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
        return sockets.get().getSupportedCipherSuites();
    }
}
