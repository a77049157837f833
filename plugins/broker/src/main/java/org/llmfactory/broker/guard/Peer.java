package org.llmfactory.broker.guard;

import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.activemq.broker.Connection;
import org.apache.activemq.security.SecurityContext;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.link.LaneDestination;

/** Whose a connection is, as his certificate says. Kept with the connection. */
final class Peer extends SecurityContext {
    private final AgentAddress address;
    private final List<X509Certificate> chain;
    private final Connection connection;
    private final Optional<LaneDestination> own;

    /** @param own what an agent reads on this connection; empty for a bridge of a controller */
    Peer(AgentAddress address, List<X509Certificate> chain, Connection connection, Optional<LaneDestination> own) {
        super(address.toString());
        this.address = address;
        this.chain = List.copyOf(chain);
        this.connection = connection;
        this.own = own;
    }

    AgentAddress address() {
        return address;
    }

    List<X509Certificate> chain() {
        return chain;
    }

    Connection connection() {
        return connection;
    }

    Optional<LaneDestination> own() {
        return own;
    }

    @Override
    public Set<Principal> getPrincipals() {
        return Set.of();
    }
}
