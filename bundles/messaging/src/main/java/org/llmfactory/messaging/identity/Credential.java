package org.llmfactory.messaging.identity;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;

/**
 * What an agent gets from its authority.
 *
 * @param chain the agent's certificate, then the authorities' up to but without the root
 * @param root the network's root authority
 * @param brokers see {@link NetworkIdentity#brokers}
 * @param controllers see {@link NetworkIdentity#controllers}
 */
public record Credential(
        List<X509Certificate> chain, X509Certificate root, List<URI> brokers, Set<AgentAddress> controllers) {
    public Credential {
        chain = List.copyOf(chain);
        brokers = List.copyOf(brokers);
        controllers = Set.copyOf(controllers);
    }
}
