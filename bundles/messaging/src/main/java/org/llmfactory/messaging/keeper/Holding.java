package org.llmfactory.messaging.keeper;

import java.net.URI;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.Credential;

/** What an agent holds at one moment; replaced as a whole, so that chain and key always fit together. */
record Holding(List<X509Certificate> chain, PrivateKey key, List<URI> brokers, Set<AgentAddress> controllers) {
    Holding {
        chain = List.copyOf(chain);
        brokers = List.copyOf(brokers);
        controllers = Set.copyOf(controllers);
    }

    static Holding of(Credential credential, PrivateKey key) {
        return new Holding(credential.chain(), key, credential.brokers(), credential.controllers());
    }

    Holding at(List<URI> newBrokers, Set<AgentAddress> newControllers) {
        return new Holding(chain, key, newBrokers, newControllers);
    }
}
