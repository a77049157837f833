package org.llmfactory.messaging.identity;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Keeps this agent's key and certificate in the home ({@code network/}, mode 0700) and registers {@link NetworkIdentity},
 * {@link org.llmfactory.api.network.Membership} and the control plane while there is one. OSGi service, always there.
 */
@ProviderType
public interface IdentityKeeper {
    Optional<NetworkIdentity> identity();

    /**
     * Makes a new key pair, which waits for its certificate, and a signing request for it. The former key stays in use until
     * then. Tenant and region are the authority's to say; the request carries the public key and the proof of possession.
     *
     * @return PKCS#10, DER
     */
    byte[] request();

    /**
     * Takes what the authority has issued for the last {@link #request}, durably. The first one makes the agent a member.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_VALUE} when chain, key and root do not fit
     *     together; {@code CONFLICT} when this agent belongs to another network or has another address there
     */
    void accept(Credential credential);

    /** Takes new whereabouts of brokers and controllers, durably. */
    void update(List<URI> brokers, Set<AgentAddress> controllers);

    /** Leaves the network: forgets key and certificate. */
    void forget();
}
