package org.llmfactory.broker;

import javax.net.ssl.SSLContext;
import org.apache.activemq.broker.SslContext;
import org.llmfactory.messaging.identity.NetworkIdentity;

/** The broker's TLS is the agent's, whose key and certificate are always the newest. */
final class IdentityTls extends SslContext {
    private final NetworkIdentity identity;

    IdentityTls(NetworkIdentity identity) {
        this.identity = identity;
    }

    @Override
    public SSLContext getSSLContext() {
        return identity.tls();
    }
}
