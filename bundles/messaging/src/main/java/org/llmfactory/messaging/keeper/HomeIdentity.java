package org.llmfactory.messaging.keeper;

import java.net.URI;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Membership;
import org.llmfactory.messaging.identity.CertificateNames;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.identity.Trust;
import org.llmfactory.messaging.tls.MutualTls;
import org.llmfactory.messaging.tls.Presented;

/** The agent as its home has it; what it holds is replaced at a renewal. */
public final class HomeIdentity implements NetworkIdentity, Membership {
    private final AgentAddress self;
    private final Trust trust;
    private final SSLContext tls;
    private volatile Holding holding;

    HomeIdentity(AgentAddress self, Trust trust, Holding holding) {
        this.self = self;
        this.trust = trust;
        this.holding = holding;
        this.tls = MutualTls.of(this::presented, trust);
    }

    void hold(Holding newest) {
        holding = newest;
    }

    Holding holding() {
        return holding;
    }

    private Presented presented() {
        Holding now = holding;
        return new Presented(now.chain(), now.key());
    }

    @Override
    public AgentAddress self() {
        return self;
    }

    @Override
    public String network() {
        return CertificateProfile.fingerprint(trust.root().getPublicKey());
    }

    @Override
    public String region() {
        try {
            return CertificateNames.region(holding.chain().get(0)).orElseThrow();
        } catch (CertificateParsingException e) {
            throw new IllegalStateException("A certificate that was checked names its region", e);
        }
    }

    @Override
    public List<X509Certificate> chain() {
        return holding.chain();
    }

    @Override
    public PrivateKey key() {
        return holding.key();
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
        return holding.brokers();
    }

    @Override
    public Set<AgentAddress> controllers() {
        return holding.controllers();
    }

    @Override
    public Instant expires() {
        return holding.chain().get(0).getNotAfter().toInstant();
    }
}
