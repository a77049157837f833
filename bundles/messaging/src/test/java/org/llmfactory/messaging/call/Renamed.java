package org.llmfactory.messaging.call;

import java.net.URI;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.identity.Trust;

/** A member that calls itself something else than its certificate does. */
record Renamed(NetworkIdentity member, AgentAddress self) implements NetworkIdentity {
    @Override
    public String region() {
        return member.region();
    }

    @Override
    public List<X509Certificate> chain() {
        return member.chain();
    }

    @Override
    public PrivateKey key() {
        return member.key();
    }

    @Override
    public Trust trust() {
        return member.trust();
    }

    @Override
    public SSLContext tls() {
        return member.tls();
    }

    @Override
    public List<URI> brokers() {
        return member.brokers();
    }

    @Override
    public Set<AgentAddress> controllers() {
        return member.controllers();
    }
}
