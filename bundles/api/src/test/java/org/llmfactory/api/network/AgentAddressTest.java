package org.llmfactory.api.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentAddressTest {
    @ParameterizedTest
    @CsvSource({
        "platform/c1, platform/c2, true",
        "platform/c1, shared/n1, true",
        "shared/n1, platform/c1, true",
        "platform/c1, proj_a/n1, true",
        "proj_a/n1, platform/c1, true",
        "shared/n1, shared/n2, true",
        "proj_a/n1, proj_a/n2, true",
        "proj_a/n1, proj_b/n1, false",
        "proj_a/n1, shared/n1, false",
        "shared/n1, proj_a/n1, false",
    })
    void reachesItsOwnTenantAndControllers(String from, String to, boolean reaches) {
        assertThat(AgentAddress.parse(from).mayReach(AgentAddress.parse(to))).isEqualTo(reaches);
    }

    @ParameterizedTest
    @CsvSource({
        "CONTROLLERS, platform/c1, shared/n1, true",
        "CONTROLLERS, shared/n2, shared/n1, false",
        "TENANT, platform/c1, proj_a/n1, true",
        "TENANT, proj_a/n2, proj_a/n1, true",
        "TENANT, proj_a/n2, platform/c1, false",
        "NETWORK, proj_a/n2, platform/c1, true",
        "NETWORK, proj_a/n2, proj_b/n1, false",
    })
    void asksWhatItIsAmongTheCallersOf(Callers callers, String caller, String callee, boolean included) {
        assertThat(callers.include(AgentAddress.parse(caller), AgentAddress.parse(callee)))
                .isEqualTo(included);
    }

    @Test
    void readsWhatItWrites() {
        AgentAddress address = new AgentAddress("proj_0f", "node-1");
        assertThat(AgentAddress.parse(address.toString())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "node", "a/", "/b", "A/b", "a/B", "a/b/c", "a/b c", "a/*", "a/b.c", "a/>", "a/-b", "a/b_c",
                "-a/b"
            })
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> AgentAddress.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
