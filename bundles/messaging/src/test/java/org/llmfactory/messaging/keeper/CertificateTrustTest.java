package org.llmfactory.messaging.keeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.home.NetworkFolder;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.IssuingAuthority;
import org.llmfactory.messaging.identity.TestCertificates;
import org.llmfactory.messaging.testing.SettableClock;
import org.llmfactory.messaging.testing.TestAuthority;

class CertificateTrustTest {
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");
    private static final AgentAddress CONTROLLER = AgentAddress.parse("platform/other");

    private final SettableClock clock = new SettableClock();
    private final TestAuthority root = TestAuthority.root("central", clock);
    private final TestAuthority north = root.region("north");

    @TempDir
    Path home;

    private CertificateTrust trust() {
        return new CertificateTrust(root.rootCertificate(), new NetworkFolder(home), clock);
    }

    @Test
    void agentsOfTheRootAndOfItsRegionsAreBelieved() throws CertificateException {
        assertThat(trust().verify(issued(root, NODE))).isEqualTo(NODE);
        assertThat(trust().verify(issued(north, NODE))).isEqualTo(NODE);
        assertThat(trust().verify(issued(root, CONTROLLER))).isEqualTo(CONTROLLER);
    }

    @Test
    void nobodyOfAnotherNetworkIsBelieved() {
        TestAuthority rogue = TestAuthority.root("central", clock);
        refused(issued(rogue, NODE), "does not lead to this network's root");
        refused(issued(rogue.region("north"), NODE), "does not lead to this network's root");
    }

    @Test
    void aChainMustBeWholeAndInOrder() {
        List<X509Certificate> chain = issued(north, NODE);
        refused(List.of(), "1 to 4 certificates");
        refused(List.of(chain.get(0)), "does not lead");
        refused(List.of(chain.get(1)), "no agent");
        refused(List.of(chain.get(1), chain.get(0)), "no authority");
        refused(List.of(chain.get(0), chain.get(1), root.rootCertificate()), "none for so many below it");
    }

    @Test
    void anAgentsCertificateIssuesNothing() {
        KeyPair agent = CertificateProfile.newKeyPair();
        List<X509Certificate> chain = root.authority().certifyAgent(agent.getPublic(), NODE, clock.instant());
        // Whoever has an agent's key pretends to be the authority "central" with it.
        IssuingAuthority pretended =
                new IssuingAuthority(root.rootCertificate(), List.of(root.rootCertificate()), agent.getPrivate());
        X509Certificate forged = pretended
                .certifyAgent(
                        CertificateProfile.newKeyPair().getPublic(),
                        AgentAddress.parse("shared/node-2"),
                        clock.instant())
                .get(0);
        refused(List.of(forged), "does not lead");
        refused(List.of(forged, chain.get(0)), "no authority");
    }

    @Test
    void aRegionsAuthorityCertifiesNoOtherRegionNoControllerAndNoAuthority() {
        refused(north.misissued(NODE, "south", home).chain(), "another region");
        refused(north.misissued(CONTROLLER, "north", home).chain(), "of a region has issued");
        refused(root.misissued(NODE, "north", home).chain(), "another region");

        KeyPair south = CertificateProfile.newKeyPair();
        List<X509Certificate> below = TestCertificates.issueRegion(
                north.authority(), south.getPublic(), "south", clock.instant(), later(Duration.ofHours(1)));
        IssuingAuthority second = new IssuingAuthority(root.rootCertificate(), below, south.getPrivate());
        refused(
                second.certifyAgent(CertificateProfile.newKeyPair().getPublic(), NODE, clock.instant()),
                "none for so many below it");
    }

    @Test
    void timeIsAskedEachTime() throws CertificateException {
        CertificateTrust trust = trust();
        List<X509Certificate> chain = issued(root, NODE);
        assertThat(trust.verify(chain)).isEqualTo(NODE);
        clock.advance(Duration.ofHours(25));
        assertThatThrownBy(() -> trust.verify(chain))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("has ended");
    }

    @Test
    void aCertificateThatHasNotBegunIsRefusedWithAHintAtTheClocks() {
        List<X509Certificate> chain = root.authority()
                .certifyAgent(
                        CertificateProfile.newKeyPair().getPublic(),
                        NODE,
                        later(Duration.ofHours(1)),
                        later(Duration.ofHours(2)));
        refused(chain, "are the clocks right?");
    }

    @Test
    void anAgentEndsWithItsRegionsAuthority() {
        List<X509Certificate> chain = north.authority()
                .certifyAgent(
                        CertificateProfile.newKeyPair().getPublic(),
                        NODE,
                        clock.instant(),
                        later(Duration.ofDays(300)));
        clock.advance(CertificateProfile.REGION_VALIDITY.plusMinutes(1));
        refused(chain, "has ended");
    }

    @Test
    void whatIsRevokedIsRefusedAtOnceAndAfterARestart() throws Exception {
        CertificateTrust trust = trust();
        AtomicInteger told = new AtomicInteger();
        AutoCloseable listening = trust.onRevocation(told::incrementAndGet);
        List<X509Certificate> chain = issued(north, NODE);
        trust.verify(chain);
        trust.revoke(Set.of(CertificateProfile.serial(chain.get(1))));
        trust.revoke(Set.of(CertificateProfile.serial(chain.get(1))));
        assertThat(told).hasValue(1);
        assertThatThrownBy(() -> trust.verify(chain)).hasMessageContaining("is revoked");
        refused(chain, "is revoked");
        listening.close();
        trust.revoke(Set.of("abc"));
        assertThat(told).hasValue(1);
    }

    @Test
    void onlySerialNumbersAreRevoked() {
        assertThatThrownBy(() -> trust().revoke(Set.of("../x"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void otherKindsOfKeysAreNotCertified() throws Exception {
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        assertThatThrownBy(() ->
                        root.authority().certifyAgent(rsa.generateKeyPair().getPublic(), NODE, clock.instant()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> north.authority()
                        .certifyAgent(CertificateProfile.newKeyPair().getPublic(), CONTROLLER, clock.instant()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private List<X509Certificate> issued(TestAuthority authority, AgentAddress agent) {
        return authority
                .authority()
                .certifyAgent(CertificateProfile.newKeyPair().getPublic(), agent, clock.instant());
    }

    private Instant later(Duration time) {
        return clock.instant().plus(time);
    }

    private void refused(List<X509Certificate> chain, String reason) {
        assertThatThrownBy(() -> trust().verify(chain))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining(reason);
    }
}
