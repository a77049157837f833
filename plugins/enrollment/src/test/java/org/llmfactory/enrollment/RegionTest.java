package org.llmfactory.enrollment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.agent.join.JoinKind;
import org.llmfactory.agent.network.UpdateAction;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.testing.InMemoryControlPlane;
import org.llmfactory.database.testing.TemporaryDatabase;
import org.llmfactory.enrollment.action.RevocationReport;
import org.llmfactory.messaging.identity.IssuingAuthority;
import org.llmfactory.messaging.testing.SettableClock;

/** A controller that has joined another one, and lets agents into a region of its own. */
final class RegionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path homes;

    private final SettableClock clock = new SettableClock();
    private final InMemoryControlPlane network = new InMemoryControlPlane();
    private final TemporaryDatabase regionsDatabase = new TemporaryDatabase();
    private TestController founder;
    private TestController region;

    @BeforeEach
    void found() throws Exception {
        founder = new TestController(
                        "central", homes.resolve("central"), TestController.emptyDatabase(), network, clock)
                .withBroker();
        String token = founder.token(JoinKind.CONTROLLER, AgentAddress.SHARED, Optional.of("east"))
                .secret()
                .text();
        founder.connected();
        region = new TestController("ignored", homes.resolve("east"), regionsDatabase, network, clock);
        TestAgent half = new TestAgent(homes.resolve("east"), clock, region.keeper);
        half.member.bindGatekeeper(region.enrollment);
        half.join(founder.url(), token, "");
        half.connected(network);
        region.withBroker().connected();
        network.offer(region.identity().self(), new UpdateAction(region.identity(), region.keeper));
    }

    @AfterEach
    void stop() {
        region.close();
        founder.close();
        regionsDatabase.close();
        network.close();
    }

    private TestAgent agentOf(TestController controller, String name) throws Exception {
        TestAgent agent = new TestAgent(homes.resolve(name), clock);
        agent.join(controller.url(), controller.token().secret().text(), name);
        return agent.connected(network);
    }

    @Test
    void theFounderCertifiesTheRegionsAuthorityAndAllBelieveItsAgents() throws Exception {
        TestAgent far = agentOf(region, "far-1");
        TestAgent near = agentOf(founder, "near-1");

        assertThat(far.identity().region()).isEqualTo("east");
        assertThat(far.identity().controllers())
                .containsExactlyInAnyOrder(AgentAddress.parse("platform/east"), AgentAddress.parse("platform/central"));
        assertThat(far.identity().chain()).hasSize(2);
        assertThat(near.identity().trust().verify(far.identity().chain()))
                .isEqualTo(far.identity().self());
        assertThat(far.identity().trust().verify(near.identity().chain()))
                .isEqualTo(near.identity().self());
        assertThat(founder.ledger.types()).contains("agent.authority.certified");
        assertThat(region.enrollment.isFounder()).isFalse();
    }

    @Test
    void aRegionLetsNoControllersIn() {
        assertThatThrownBy(() -> region.token(JoinKind.CONTROLLER, AgentAddress.SHARED, Optional.empty()))
                .hasMessageContaining("Only the network's founder lets controllers in");
    }

    @Test
    void theRegionsAuthorityIsRenewedBeforeItEnds() throws Exception {
        region.token();
        IssuingAuthority first = region.enrollment.authorities().find().orElseThrow();
        clock.advance(Duration.ofDays(19));
        region.enrollment.founding().maintain();
        assertThat(region.enrollment.authorities().find().orElseThrow().certificate())
                .isEqualTo(first.certificate());

        clock.advance(Duration.ofDays(2));
        region.enrollment.founding().maintain();

        IssuingAuthority renewed = region.enrollment.authorities().find().orElseThrow();
        assertThat(renewed.certificate()).isNotEqualTo(first.certificate());
        assertThat(renewed.region()).isEqualTo("east");
        assertThat(renewed.certificate().getNotAfter())
                .isAfter(first.certificate().getNotAfter());
    }

    @Test
    void whatARegionRevokesIsRevokedEverywhere() throws Exception {
        TestAgent far = agentOf(region, "far-1");
        TestAgent near = agentOf(founder, "near-1");
        List<X509Certificate> chain = far.identity().chain();

        region.members.revoke(far.identity().self(), Actor.system());
        region.enrollment.bindControl(network.of(region.identity().self()));

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThatThrownBy(() -> near.identity().trust().verify(chain))
                                .hasMessageContaining("revoked"));
        assertThat(founder.ledger.types()).contains("agent.revocations.reported");
    }

    @Test
    void whatTheFounderRevokesReachesTheAgentsOfRegions() throws Exception {
        TestAgent far = agentOf(region, "far-1");
        TestAgent near = agentOf(founder, "near-1");
        List<X509Certificate> chain = near.identity().chain();

        founder.members.revoke(near.identity().self(), Actor.system());

        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThatThrownBy(() -> far.identity().trust().verify(chain))
                                .hasMessageContaining("revoked"));
    }

    @Test
    void aRevokedRegionTakesItsAgentsWithIt() throws Exception {
        TestAgent far = agentOf(region, "far-1");

        founder.members.revoke(region.identity().self(), Actor.system());

        assertThatThrownBy(
                        () -> founder.identity().trust().verify(far.identity().chain()))
                .hasMessageContaining("revoked");
    }

    @Test
    void aRegionRevokesNothingThatTheFounderHasIssued() throws Exception {
        TestAgent near = agentOf(founder, "near-1");
        String serial = near.identity().chain().get(0).getSerialNumber().toString(16);

        assertThatThrownBy(() -> founder.members.revokedElsewhere(
                        region.identity().self(), new RevocationReport(List.of(serial))))
                .hasMessageContaining("only what its own authority has issued");
        assertThat(founder.identity().trust().verify(near.identity().chain()))
                .isEqualTo(near.identity().self());
    }
}
