package org.llmfactory.broker.bridge;

import java.io.IOException;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.transport.FutureResponse;
import org.apache.activemq.transport.ResponseCallback;
import org.apache.activemq.transport.Transport;
import org.apache.activemq.transport.TransportFilter;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.Trust;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a transport, in bounded time, only to a peer whose certificate is a controller's. */
final class ControllersOnly extends TransportFilter {
    private static final Logger LOG = LoggerFactory.getLogger(ControllersOnly.class);
    private static final int OPEN_SECONDS = 10;

    private final Trust trust;
    private final ScheduledExecutorService timer;

    ControllersOnly(Transport next, Trust trust, ScheduledExecutorService timer) {
        super(next);
        this.trust = trust;
        this.timer = timer;
    }

    @Override
    public void start() throws Exception {
        ScheduledFuture<?> patience = timer.schedule(this::giveUp, OPEN_SECONDS, TimeUnit.SECONDS);
        try {
            super.start();
            X509Certificate[] chain = getPeerCertificates();
            if (chain == null) {
                throw new IOException("The parent's broker showed no certificate");
            }
            AgentAddress peer = trust.verify(List.of(chain));
            if (!peer.isController()) {
                throw new IOException("The parent's broker is " + peer + ", which is no controller");
            }
        } catch (CertificateException e) {
            throw new IOException("The parent's broker is not believed: " + e.getMessage(), e);
        } finally {
            patience.cancel(false);
        }
    }

    /** The inherited one forgets the callback, and with it the acknowledgement of every control message. */
    @Override
    public FutureResponse asyncRequest(Object command, ResponseCallback callback) throws IOException {
        return getNext().asyncRequest(command, callback);
    }

    /** A peer that never answers the handshake: its socket is closed under the hand that waits for it. */
    private void giveUp() {
        Socket socket = narrow(Socket.class);
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("A socket did not close", e);
            }
        }
    }
}
