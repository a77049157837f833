package org.llmfactory.sysinfo.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import org.apache.felix.hc.api.Result;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.AgentAddress;

class NetworkCheckTest {
    private static final AgentAddress REGION = AgentAddress.parse("platform/region-1");
    private static final AgentAddress PARENT = AgentAddress.parse("platform/parent");
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private static Result result(Map<AgentAddress, Boolean> reached, Instant expires) {
        return new NetworkCheck(
                        new FixedMembership(AgentAddress.parse("shared/node-1"), Set.of(REGION), expires),
                        () -> reached,
                        Clock.fixed(NOW, ZoneOffset.UTC))
                .execute();
    }

    @Test
    void allIsWellWithControllersAndACertificate() {
        assertThat(result(Map.of(REGION, true), NOW.plusSeconds(86_400)).getStatus())
                .isEqualTo(Result.Status.OK);
    }

    @Test
    void oneControllerOutOfReachIsAWarning() {
        assertThat(result(Map.of(REGION, true, PARENT, false), NOW.plusSeconds(86_400))
                        .getStatus())
                .isEqualTo(Result.Status.WARN);
    }

    @Test
    void noControllerInReachIsCritical() {
        assertThat(result(Map.of(REGION, false), NOW.plusSeconds(86_400)).getStatus())
                .isEqualTo(Result.Status.CRITICAL);
    }

    @Test
    void aCertificateThatIsNotRenewedInTimeIsAWarning() {
        Result result = result(Map.of(REGION, true), NOW.plusSeconds(3600));

        assertThat(result.getStatus()).isEqualTo(Result.Status.WARN);
        assertThat(result.toString()).contains("60 minutes");
    }

    @Test
    void aCertificateThatHasEndedIsCritical() {
        assertThat(result(Map.of(REGION, true), NOW).getStatus()).isEqualTo(Result.Status.CRITICAL);
    }
}
