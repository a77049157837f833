package org.llmfactory.agent.join;

import java.security.cert.X509Certificate;
import java.util.List;
import org.llmfactory.api.network.Meaning;
import org.llmfactory.messaging.identity.Credential;

/**
 * What an authority has issued: result of {@link SigningOrder#RENEW} and {@link SigningOrder#CERTIFY}.
 *
 * @param chain the certificate and the authorities' up to but without the root; X.509 in DER, Base64
 * @param root the network's root authority, likewise
 * @param state the network as it is
 */
public record Certified(
        @Meaning("the certificate, then the authorities' up to but without the root; X.509 in DER, Base64")
        List<String> chain,

        @Meaning("the root authority's certificate, X.509 in DER, Base64")
        String root,

        @Meaning("the network as it is") NetworkState state) {
    public Certified {
        chain = List.copyOf(chain);
    }

    public static Certified of(List<X509Certificate> chain, X509Certificate root, NetworkState state) {
        return new Certified(chain.stream().map(Certificates::text).toList(), Certificates.text(root), state);
    }

    /**
     * The certificates, not yet believed by anyone.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code INVALID_VALUE} when something of it is malformed
     */
    public Credential credential() {
        return new Credential(
                Certificates.parse(chain), Certificates.parse(root), state.brokerUris(), state.controllerAddresses());
    }
}
