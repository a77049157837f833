package org.llmfactory.sysinfo.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import javax.ws.rs.core.SecurityContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.rest.Callers;

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

        assertThat(resource.scrape(caller(true)))
                .contains("jvm_memory_used_bytes{")
                .contains("process_memory_resident_bytes ")
                .contains("tokens_generated_total 3.0");
    }

    @Test
    void onlyAdministratorsSeeThem() {
        assertThatThrownBy(() -> resource.scrape(caller(false))).isInstanceOf(FactoryException.class);
    }

    @Test
    void residentMemoryIsReadInBytes() {
        assertThat(ResidentMemory.parse(List.of("VmPeak:  9 kB", "VmRSS:\t    2048 kB")))
                .isEqualTo(2048.0 * 1024);
        assertThat(ResidentMemory.parse(List.of("nothing"))).isNaN();
        assertThat(ResidentMemory.bytes()).isGreaterThan(1 << 20);
    }

    private static SecurityContext caller(boolean administrator) {
        return Callers.securityContext(new Caller("someone", "default", administrator), false);
    }
}
