package org.llmfactory.fleet.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.testing.InMemoryFleet;
import org.llmfactory.fleet.roster.Reports;
import org.llmfactory.rest.Pagination;

class AgentsResourceTest {
    private final InMemoryFleet fleet = new InMemoryFleet();
    private final AgentsResource resource = new AgentsResource(fleet);

    AgentsResourceTest() {
        report("platform/region-1", "region-1");
        report("shared/node-1", "region-1");
        report("shared/node-2", "region-2");
        report("proj_1/node-3", "region-2");
        fleet.silence(AgentAddress.parse("shared/node-2"));
    }

    private void report(String address, String region) {
        fleet.report(
                AgentAddress.parse(address),
                Reports.of(region, Instant.ofEpochSecond(1_700_000_000), Map.of("rack", "7"), 2));
    }

    private Pagination.Page<AgentObject> list(String limit, String after, String region, String tenant, String alive) {
        return resource.list(limit, after, null, null, region, tenant, alive);
    }

    @Test
    void allAgentsAreListedByAddress() {
        assertThat(list(null, null, null, null, null).data())
                .extracting(AgentObject::address)
                .containsExactly("platform/region-1", "proj_1/node-3", "shared/node-1", "shared/node-2");
    }

    @Test
    void aPageFollowsAnAddress() {
        Pagination.Page<AgentObject> page = list("1", "proj_1/node-3", null, null, null);

        assertThat(page.data()).extracting(AgentObject::address).containsExactly("shared/node-1");
        assertThat(page.hasMore()).isTrue();
        assertThat(page.firstId()).isEqualTo("shared/node-1");
    }

    @Test
    void agentsAreFoundByRegionTenantAndLife() {
        assertThat(list(null, null, "region-2", null, null).data()).hasSize(2);
        assertThat(list(null, null, null, "shared", null).data()).hasSize(2);
        assertThat(list(null, null, null, "shared", "true").data())
                .extracting(AgentObject::name)
                .containsExactly("node-1");
        assertThat(list(null, null, "region-2", null, "false").data())
                .extracting(AgentObject::name)
                .containsExactly("node-2");
    }

    @Test
    void aFilterThatIsNoneIsRefused() {
        assertThatThrownBy(() -> list(null, null, null, null, "perhaps"))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refused -> assertThat(refused.parameter()).hasValue("alive"));
    }

    @Test
    void anAgentSaysWhatItHas() {
        AgentObject agent = resource.read("shared", "node-1");

        assertThat(agent.object()).isEqualTo("agent");
        assertThat(agent.alive()).isTrue();
        assertThat(agent.region()).isEqualTo("region-1");
        assertThat(agent.labels()).containsEntry("rack", "7");
        assertThat(agent.engines())
                .singleElement()
                .satisfies(engine -> assertThat(engine.running()).isEqualTo(2));
        assertThat(agent.startedAt()).isEqualTo(1_700_000_000);
    }

    @Test
    void anAgentThatDoesNotReportIsNotFound() {
        assertThatThrownBy(() -> resource.read("shared", "node-9"))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
        assertThatThrownBy(() -> resource.read("Shared", "../x"))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }
}
