package org.llmfactory.fleet.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Fleet.Member;
import org.llmfactory.fleet.roster.Reports;

class NetworkHealthTest {
    private static Member member(String address, String region, boolean alive) {
        return new Member(
                AgentAddress.parse(address), Reports.of(region, Instant.EPOCH, Map.of(), 0), alive, Instant.EPOCH);
    }

    @Test
    void anEmptyNetworkIsWell() {
        assertThat(NetworkHealth.of(List.of())).isEqualTo(new NetworkHealth("network.health", "ok", 0, 0, List.of()));
    }

    @Test
    void theWorstRegionIsFirst() {
        NetworkHealth health = NetworkHealth.of(List.of(
                member("platform/a", "a", true),
                member("shared/a1", "a", true),
                member("shared/b1", "b", false),
                member("shared/b2", "b", true),
                member("shared/c1", "c", false)));

        assertThat(health.status()).isEqualTo("failing");
        assertThat(health.alive()).isEqualTo(3);
        assertThat(health.silent()).isEqualTo(2);
        assertThat(health.regions())
                .containsExactly(
                        new NetworkHealth.Region("c", "failing", 0, 1, 0, List.of("shared/c1")),
                        new NetworkHealth.Region("b", "degraded", 1, 1, 0, List.of("shared/b1")),
                        new NetworkHealth.Region("a", "ok", 2, 0, 1, List.of()));
    }
}
