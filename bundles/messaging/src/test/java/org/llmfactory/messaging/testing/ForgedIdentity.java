package org.llmfactory.messaging.testing;

import java.net.URI;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.identity.Trust;
import org.llmfactory.messaging.keeper.CertificateTrust;
import org.llmfactory.messaging.tls.MutualTls;
import org.llmfactory.messaging.tls.Presented;

/** An identity whose chain nobody has checked. */
final class ForgedIdentity implements NetworkIdentity {
    private final AgentAddress claimed;
    private final List<X509Certificate> chain;
    private final PrivateKey key;
    private final Trust trust;
    private final SSLContext tls;

    ForgedIdentity(
            AgentAddress claimed,
            List<X509Certificate> chain,
            PrivateKey key,
            X509Certificate root,
            Path home,
            Clock clock) {
        this.claimed = claimed;
        this.chain = chain;
        this.key = key;
        this.trust = new CertificateTrust(root, new NetworkFolder(home), clock);
        this.tls = MutualTls.of(() -> new Presented(chain, key), trust);
    }

    @Override
    public AgentAddress self() {
        return claimed;
    }

    @Override
    public String region() {
        return "forged";
    }

    @Override
    public List<X509Certificate> chain() {
        return chain;
    }

    @Override
    public PrivateKey key() {
        return key;
    }

    @Override
    public Trust trust() {
        return trust;
    }

    @Override
    public SSLContext tls() {
        return tls;
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
