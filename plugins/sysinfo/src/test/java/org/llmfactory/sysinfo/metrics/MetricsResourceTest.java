package org.llmfactory.sysinfo.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.access.Action;

class MetricsResourceTest {
    private final AgentMeterRegistry registry = new AgentMeterRegistry();
    private final MetricsResource resource = new MetricsResource(registry);

    @AfterEach
    void stop() {
        registry.stop();
    }

    @Test
    void metersOfTheVirtualMachineTheProcessAndThePluginsAreReported() {
        registry.counter("tokens.generated").increment(3);

        assertThat(resource.scrape())
                .contains("jvm_memory_used_bytes{")
                .contains("process_memory_resident_bytes ")
                .contains("tokens_generated_total 3.0");
    }

    @Test
    void onlyThoseWhoOperateThePlatformSeeThem() {
        assertThat(new MetricsApplication(registry).endpoints())
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.action()).isEqualTo(Action.OPERATE_PLATFORM));
    }

    @Test
    void residentMemoryIsReadInBytes() {
        assertThat(ResidentMemory.parse(List.of("VmPeak:  9 kB", "VmRSS:\t    2048 kB")))
                .isEqualTo(2048.0 * 1024);
        assertThat(ResidentMemory.parse(List.of("nothing"))).isNaN();
        assertThat(ResidentMemory.bytes()).isGreaterThan(1 << 20);
    }
}
