package org.llmfactory.messaging.identity;

import java.net.URI;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.llmfactory.api.network.AgentAddress;
import org.osgi.annotation.versioning.ProviderType;

/**
 * This agent in its network. OSGi service, there while the agent belongs to one. The same object outlives renewals: what it
 * returns changes.
 */
@ProviderType
public interface NetworkIdentity {
    AgentAddress self();

    String region();

    /** The agent's certificate, then the authorities' up to but without the root. */
    List<X509Certificate> chain();

    /** Belongs to the first certificate of the chain. EC, P-256. */
    PrivateKey key();

    Trust trust();

    /**
     * Mutual TLS 1.3 for both roles: presents the newest chain, takes only peers that {@link Trust} believes. Whether the
     * peer is the right one is the caller's to check.
     */
    SSLContext tls();

    /** The brokers this agent dials, for example {@code ssl://host:61617}; none for a controller without a parent. */
    List<URI> brokers();

    /** The controllers this agent reports to; see {@link org.llmfactory.api.network.Membership#controllers}. */
    Set<AgentAddress> controllers();
}
