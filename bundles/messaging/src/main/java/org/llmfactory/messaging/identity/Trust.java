package org.llmfactory.messaging.identity;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.osgi.annotation.versioning.ProviderType;

/** Whom this agent believes: certificates of its network that are valid now and not revoked. Safe for several threads. */
@ProviderType
public interface Trust {
    /** The network's root authority. */
    X509Certificate root();

    /**
     * Checks a chain, the agent's own certificate first: signatures up to the root, validity, revocation, that only
     * authorities have issued, that a region's authority has issued for its own region and for no controller.
     *
     * @return the agent it belongs to
     * @throws CertificateException with the reason
     */
    AgentAddress verify(List<X509Certificate> chain) throws CertificateException;

    /** Serial numbers (lower-case hex) of the certificates that are not to be believed any more. */
    Set<String> revoked();

    /** Adds revoked serial numbers, kept in the home. Listeners are told when one is new. */
    void revoke(Set<String> serials);

    /** Called after {@link #revoke} has changed something. */
    AutoCloseable onRevocation(Runnable listener);
}
