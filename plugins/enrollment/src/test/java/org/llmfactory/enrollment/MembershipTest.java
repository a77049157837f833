package org.llmfactory.enrollment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.agent.join.Certified;
import org.llmfactory.agent.join.JoinKind;
import org.llmfactory.agent.join.JoinRequest;
import org.llmfactory.agent.join.JoinToken;
import org.llmfactory.agent.join.NetworkState;
import org.llmfactory.agent.join.SigningOrder;
import org.llmfactory.agent.network.Renewal;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.enrollment.join.Admission;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.SigningRequest;
import org.llmfactory.messaging.testing.InMemoryNetwork;
import org.llmfactory.messaging.testing.SettableClock;

/** What becomes of agents that are in: renewal, revocation, leaving. */
final class MembershipTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AgentAddress NODE = AgentAddress.parse("shared/node-1");

    @TempDir
    Path homes;

    private final SettableClock clock = new SettableClock();
    private final InMemoryControlPlane network = new InMemoryControlPlane();
    private final InMemoryNetwork links = new InMemoryNetwork();
    private TestController controller;
    private TestAgent agent;

    @BeforeEach
    void join() throws Exception {
        controller = new TestController(
                        "central", homes.resolve("central"), TestController.emptyDatabase(), network, clock)
                .withBroker();
        String token = controller.token().secret().text();
        controller.connected();
        agent = agent("node-1", token);
    }

    private TestAgent agent(String name, String token) throws IOException, InterruptedException {
        TestAgent joining = new TestAgent(homes.resolve(name), clock);
        joining.join(controller.url(), token, name);
        return joining.connected(network);
    }

    @AfterEach
    void stop() {
        controller.close();
        links.close();
        network.close();
    }

    private Renewal renewal() {
        return new Renewal(agent.identity(), agent.keeper, network.of(NODE), links.link(NODE), clock);
    }

    private X509Certificate certificate() {
        return agent.identity().chain().get(0);
    }

    @Test
    void aCertificateIsRenewedAtTwoThirdsOfItsLifeWithANewKey() {
        X509Certificate first = certificate();
        clock.advance(Duration.ofHours(18));

        Renewal renewal = renewal();

        await().atMost(PATIENCE).until(() -> !certificate().equals(first));
        renewal.stop();
        assertThat(certificate().getPublicKey()).isNotEqualTo(first.getPublicKey());
        assertThat(certificate().getNotAfter().toInstant())
                .isEqualTo(clock.instant().plus(CertificateProfile.AGENT_VALIDITY));
        assertThat(controller.members.get(NODE).renewed()).isEqualTo(clock.instant());
    }

    @Test
    void renewalIsTriedAgainUntilAControllerAnswers() {
        X509Certificate first = certificate();
        clock.advance(Duration.ofHours(18));
        network.cut(NODE);
        Renewal renewal = renewal();

        network.heal(NODE);

        await().atMost(Duration.ofSeconds(60)).until(() -> !certificate().equals(first));
        renewal.stop();
    }

    @Test
    void whoIsRevokedIsBelievedNoMoreHereAndEverywhereAndRenewsNothing() throws Exception {
        TestAgent other = agent("node-2", controller.token().secret().text());
        List<X509Certificate> chain = agent.identity().chain();
        assertThat(other.identity().trust().verify(chain)).isEqualTo(NODE);

        controller.members.revoke(NODE, Actor.system());

        assertThatThrownBy(() -> controller.identity().trust().verify(chain)).hasMessageContaining("revoked");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThatThrownBy(() -> other.identity().trust().verify(chain))
                                .hasMessageContaining("revoked"));
        assertRenewalRefused(agent.keeper.request(), "is revoked");
        assertThat(controller.members.get(NODE).revoked()).isPresent();
        assertThat(controller.ledger.types()).contains("agent.revoked");
    }

    @Test
    void aRevokedKeyComesBackWithNoTokenEither() throws Exception {
        controller.members.delete(NODE, Actor.system());
        byte[] order = SigningRequest.create(
                new KeyPair(certificate().getPublicKey(), agent.identity().key()));
        String token = controller.token().secret().text();
        String csr = Base64.getEncoder().encodeToString(order);
        JoinRequest request = JoinRequest.proven(
                JoinToken.parse(token), JoinKind.NODE, "node-1", csr, "0".repeat(32), clock.millis());

        assertThatThrownBy(() -> new Admission(controller.enrollment, controller.issuing).admit(request, "127.0.0.1"))
                .isInstanceOf(FactoryException.class)
                .hasMessageContaining("This key was revoked");
    }

    @Test
    void everyCertificateThatStillWorksIsRevokedNotOnlyTheLast() throws Exception {
        List<X509Certificate> before = agent.identity().chain();
        clock.advance(Duration.ofHours(18));
        Renewal renewal = renewal();
        await().atMost(PATIENCE).until(() -> !certificate().equals(before.get(0)));
        renewal.stop();

        controller.members.revoke(NODE, Actor.system());

        assertThatThrownBy(() -> controller.identity().trust().verify(before)).hasMessageContaining("revoked");
        assertThatThrownBy(() ->
                        controller.identity().trust().verify(agent.identity().chain()))
                .hasMessageContaining("revoked");
    }

    @Test
    void anAgentRenewsForItselfOnly() {
        AgentAddress stranger = AgentAddress.parse("shared/stranger");

        assertThatThrownBy(() -> controller.issuing.renew(
                        stranger, SigningOrder.of(SigningRequest.create(CertificateProfile.newKeyPair()))))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.PERMISSION_DENIED));
        Certified mine =
                controller.issuing.renew(NODE, SigningOrder.of(SigningRequest.create(CertificateProfile.newKeyPair())));
        assertThat(mine.credential().chain().get(0).getSubjectX500Principal().getName())
                .contains("CN=node-1");
    }

    @Test
    void anAgentThatHoardsCertificatesIsStopped() {
        for (int i = 0; i < 19; i++) {
            controller.issuing.renew(NODE, SigningOrder.of(SigningRequest.create(CertificateProfile.newKeyPair())));
        }

        assertThatThrownBy(() -> controller.issuing.renew(
                        NODE, SigningOrder.of(SigningRequest.create(CertificateProfile.newKeyPair()))))
                .hasMessageContaining("20 certificates");
    }

    @Test
    void whoLeavesIsForgottenOnBothSidesAndHisNameIsFree() throws Exception {
        agent.member.bindControl(network.of(NODE));

        assertThat(agent.resource.leave().controllerTold()).isTrue();

        assertThat(agent.keeper.identity()).isEmpty();
        assertThat(agent.resource.get().member()).isFalse();
        assertThat(controller.members.list())
                .extracting(member -> member.address().toString())
                .containsExactly("platform/central");
        assertThat(controller.ledger.types()).contains("agent.left");
        assertThat(agent.join(controller.url(), controller.token().secret().text(), "node-1")
                        .address())
                .isEqualTo("shared/node-1");
    }

    @Test
    void whoLeavesUnheardIsToldSo() throws Exception {
        assertThat(agent.resource.leave().controllerTold()).isFalse();
        assertThat(controller.members.get(NODE).revoked()).isEmpty();
    }

    @Test
    void anAgentThatWasAwayAsksWhatItHasMissed() throws Exception {
        TestAgent other = agent("node-2", controller.token().secret().text());
        network.cut(NODE);
        controller.members.revoke(other.identity().self(), Actor.system());
        network.heal(NODE);

        Renewal renewal = renewal();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatThrownBy(() ->
                                agent.identity().trust().verify(other.identity().chain()))
                        .hasMessageContaining("revoked"));
        renewal.stop();
    }

    @Test
    void whatIsToldByOthersThanItsControllersIsNotTaken() {
        AgentAddress hostile = AgentAddress.parse("platform/hostile");

        assertThatThrownBy(() -> network.of(hostile)
                        .call(
                                NODE,
                                "network.update",
                                new NetworkState(List.of("ssl://hostile:1"), List.of("platform/hostile"), List.of()),
                                NetworkState.Taken.class,
                                PATIENCE)
                        .get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("is no controller that shared/node-1 reports to");
        assertThat(agent.identity().brokers()).hasSize(1);
    }

    @Test
    void aFounderRenewsItsOwnCertificateAndCannotBePutOut() throws Exception {
        X509Certificate first = controller.identity().chain().get(0);
        clock.advance(Duration.ofHours(18));

        controller.enrollment.founding().maintain();

        assertThat(controller.identity().chain().get(0)).isNotEqualTo(first);
        assertThat(controller.identity().controllers())
                .containsExactly(controller.identity().self());
        controller.token();
        assertThatThrownBy(() -> controller.members.revoke(controller.identity().self(), Actor.system()))
                .hasMessageContaining("shares this database");
    }

    private void assertRenewalRefused(byte[] csr, String words) {
        assertThatThrownBy(() -> network.of(NODE)
                        .call(
                                AgentAddress.parse("platform/central"),
                                SigningOrder.RENEW,
                                SigningOrder.of(csr),
                                Certified.class,
                                PATIENCE)
                        .get(30, TimeUnit.SECONDS))
                .hasMessageContaining(words);
    }
}
