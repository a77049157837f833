package org.llmfactory.launcher.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerTimingTest {
    @Test
    void durationsAreReadByTheirNames() {
        assertThat(ServerTiming.parse(List.of("auth;dur=0.12, policy;dur=0", "audit;desc=\"to disk\";dur=1.5")))
                .isEqualTo(Map.of("auth", 0.12, "policy", 0.0, "audit", 1.5));
    }

    @Test
    void whatHasNoDurationIsLeftOut() {
        assertThat(ServerTiming.parse(List.of("cache, engine;desc=busy, limit;dur=2")))
                .isEqualTo(Map.of("limit", 2.0));
        assertThat(ServerTiming.parse(List.of())).isEmpty();
    }
}
