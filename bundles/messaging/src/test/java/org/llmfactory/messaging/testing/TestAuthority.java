package org.llmfactory.messaging.testing;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.Credential;
import org.llmfactory.messaging.identity.IdentityKeeper;
import org.llmfactory.messaging.identity.IssuingAuthority;
import org.llmfactory.messaging.identity.NetworkIdentity;
import org.llmfactory.messaging.identity.SigningRequest;
import org.llmfactory.messaging.identity.TestCertificates;
import org.llmfactory.messaging.keeper.HomeIdentityKeeper;
import org.llmfactory.messaging.keeper.Publication;

/** An authority that lives for one test and certifies whoever asks. The certificates are real. */
public final class TestAuthority {
    private final IssuingAuthority authority;
    private final Clock clock;

    private TestAuthority(IssuingAuthority authority, Clock clock) {
        this.authority = authority;
        this.clock = clock;
    }

    /** The root of a new network, of the region {@code central}. Of two networks, neither believes the other. */
    public static TestAuthority root() {
        return root("central", Clock.systemUTC());
    }

    /** The same, with a name and a clock, which is also that of the identities made with it. */
    public static TestAuthority root(String region, Clock clock) {
        return new TestAuthority(IssuingAuthority.newRoot(region, clock.instant()), clock);
    }

    /** The authority of a region, which this one certifies. */
    public TestAuthority region(String region) {
        KeyPair keys = CertificateProfile.newKeyPair();
        return new TestAuthority(
                new IssuingAuthority(
                        authority.root(),
                        authority.certifyRegion(keys.getPublic(), region, clock.instant()),
                        keys.getPrivate()),
                clock);
    }

    public IssuingAuthority authority() {
        return authority;
    }

    public X509Certificate rootCertificate() {
        return authority.root();
    }

    /** A keeper over a home, as an agent has it; it belongs to a network if the home does. */
    public IdentityKeeper keeper(Path home) {
        return new HomeIdentityKeeper(new NetworkFolder(home), clock, Publication.NONE);
    }

    /** Makes an agent a member, for a day, with one controller {@code platform/<region>} and no broker. */
    public NetworkIdentity identity(AgentAddress agent, Path home) {
        return identity(agent, home, CertificateProfile.AGENT_VALIDITY);
    }

    /** Makes an agent a member for a while. */
    public NetworkIdentity identity(AgentAddress agent, Path home, Duration validity) {
        return identity(agent, home, validity, List.of(), Set.of(controller()));
    }

    /** Makes an agent a member who knows of brokers and controllers. */
    public NetworkIdentity identity(
            AgentAddress agent, Path home, Duration validity, List<URI> brokers, Set<AgentAddress> controllers) {
        IdentityKeeper keeper = keeper(home);
        renew(keeper, agent, validity, brokers, controllers);
        return keeper.identity().orElseThrow();
    }

    /** Has a keeper ask for a certificate, and grants it. */
    public void renew(
            IdentityKeeper keeper,
            AgentAddress agent,
            Duration validity,
            List<URI> brokers,
            Set<AgentAddress> controllers) {
        Instant now = clock.instant();
        List<X509Certificate> chain = authority.certifyAgent(
                SigningRequest.verify(keeper.request()),
                agent,
                now.minus(CertificateProfile.BACKDATED),
                now.plus(validity));
        keeper.accept(new Credential(chain, authority.root(), brokers, controllers));
    }

    /**
     * Somebody who says he is an agent of this network and has a certificate of {@code forger}, which this network does not
     * know. He himself believes what this network believes.
     */
    public NetworkIdentity forged(AgentAddress claimed, TestAuthority forger, Path home) {
        KeyPair keys = CertificateProfile.newKeyPair();
        List<X509Certificate> chain = forger.authority.certifyAgent(keys.getPublic(), claimed, clock.instant());
        return new ForgedIdentity(claimed, chain, keys.getPrivate(), authority.root(), home, clock);
    }

    /** Somebody whose certificate this authority has issued against the rules: for another region, or for a controller. */
    public NetworkIdentity misissued(AgentAddress claimed, String region, Path home) {
        KeyPair keys = CertificateProfile.newKeyPair();
        Instant now = clock.instant();
        List<X509Certificate> chain = TestCertificates.issueAgent(
                authority,
                keys.getPublic(),
                claimed,
                region,
                now.minus(CertificateProfile.BACKDATED),
                now.plus(CertificateProfile.AGENT_VALIDITY));
        return new ForgedIdentity(claimed, chain, keys.getPrivate(), authority.root(), home, clock);
    }

    /** The controller of this authority's region. */
    public AgentAddress controller() {
        return new AgentAddress(AgentAddress.PLATFORM, authority.region());
    }
}
