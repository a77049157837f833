package org.llmfactory.messaging.envelope;

import java.net.URI;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.identity.Trust;

/** Somebody who shows another one's chain and signs with a key of his own. */
record StolenChain(NetworkIdentity victim, PrivateKey key) implements NetworkIdentity {
    @Override
    public AgentAddress self() {
        return victim.self();
    }

    @Override
    public String region() {
        return victim.region();
    }

    @Override
    public List<X509Certificate> chain() {
        return victim.chain();
    }

    @Override
    public Trust trust() {
        return victim.trust();
    }

    @Override
    public SSLContext tls() {
        return victim.tls();
    }

    @Override
    public List<URI> brokers() {
        return List.of();
    }

    @Override
    public Set<AgentAddress> controllers() {
        return Set.of();
    }
}
