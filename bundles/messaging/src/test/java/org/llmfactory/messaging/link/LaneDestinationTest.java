package org.llmfactory.messaging.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Lane;

final class LaneDestinationTest {
    private static final AgentAddress AGENT = AgentAddress.parse("proj_1/node-1");

    @ParameterizedTest
    @EnumSource(Lane.class)
    void namesAreReadBack(Lane lane) {
        LaneDestination destination = new LaneDestination(lane, AGENT);

        assertThat(LaneDestination.parse(destination.name())).contains(destination);
    }

    @Test
    void onlyControlIsAQueue() {
        assertThat(new LaneDestination(Lane.CONTROL, AGENT).isQueue()).isTrue();
        assertThat(new LaneDestination(Lane.LIVE, AGENT).isQueue()).isFalse();
        assertThat(new LaneDestination(Lane.DATA, AGENT).isQueue()).isFalse();
    }

    @Test
    void prefixesOfDifferentAgentsAndLanesAreDifferent() {
        String prefix = new LaneDestination(Lane.DATA, AGENT).prefix();

        assertThat(prefix).isEqualTo("proj_1/node-1/data/");
        assertThat(new LaneDestination(Lane.DATA, AgentAddress.parse("proj_1/node-11")).prefix())
                .doesNotStartWith(prefix);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data",
                "data.a",
                "data.a.b.c",
                "data.a.",
                "data..b",
                "data.a.*",
                "data.>",
                "*.a.b",
                "DATA.a.b",
                "other.a.b",
                "data.a.b,data.a.c",
                "data.a.b?x=y",
                " data.a.b",
                "ActiveMQ.Advisory.Connection"
            })
    void anythingElseIsNoDestination(String name) {
        assertThat(LaneDestination.parse(name)).isEmpty();
    }
}
