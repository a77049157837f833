package org.llmfactory.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.messaging.identity.CertificateProfile;
import org.llmfactory.messaging.identity.IssuingAuthority;

class RenewalScheduleTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final double MIDDLE = 0.5;

    private static List<X509Certificate> chain() {
        return IssuingAuthority.newRoot("central", NOW)
                .certifyAgent(
                        CertificateProfile.newKeyPair().getPublic(),
                        AgentAddress.parse("shared/node-1"),
                        NOW,
                        NOW.plus(Duration.ofHours(24)));
    }

    @Test
    void aCertificateIsDueAtTwoThirdsOfItsLife() {
        assertThat(RenewalSchedule.untilDue(chain(), NOW, MIDDLE)).isEqualTo(Duration.ofHours(16));
        assertThat(RenewalSchedule.untilDue(chain(), NOW.plus(Duration.ofHours(15)), MIDDLE))
                .isEqualTo(Duration.ofHours(1));
        assertThat(RenewalSchedule.untilDue(chain(), NOW.plus(Duration.ofHours(17)), MIDDLE))
                .isZero();
        assertThat(RenewalSchedule.untilDue(chain(), NOW.plus(Duration.ofDays(9)), MIDDLE))
                .isZero();
    }

    @Test
    void notAllAgentsRenewAtOnce() {
        Duration first = RenewalSchedule.untilDue(chain(), NOW, 0);
        Duration last = RenewalSchedule.untilDue(chain(), NOW, 1);

        assertThat(first).isEqualTo(Duration.ofMinutes(16 * 60 - 72));
        assertThat(last).isEqualTo(Duration.ofMinutes(16 * 60 + 72));
    }

    @Test
    void ofAChainWhatEndsFirstCounts() {
        IssuingAuthority root = IssuingAuthority.newRoot("central", NOW);
        IssuingAuthority region = new IssuingAuthority(
                root.root(),
                root.certifyRegion(CertificateProfile.newKeyPair().getPublic(), "east", NOW),
                CertificateProfile.newKeyPair().getPrivate());

        assertThat(RenewalSchedule.untilDue(List.of(chain().get(0), region.certificate()), NOW, MIDDLE))
                .isEqualTo(Duration.ofHours(16));
    }

    @Test
    void failuresMakeItWaitEverLonger() {
        assertThat(new RenewalSchedule(() -> 1).afterFailure(1)).isEqualTo(Duration.ofSeconds(10));
        assertThat(new RenewalSchedule(() -> 0).afterFailure(1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(new RenewalSchedule(() -> 1).afterFailure(4)).isEqualTo(Duration.ofSeconds(80));
        assertThat(new RenewalSchedule(() -> 1).afterFailure(1000)).isEqualTo(Duration.ofMinutes(10));
    }
}
