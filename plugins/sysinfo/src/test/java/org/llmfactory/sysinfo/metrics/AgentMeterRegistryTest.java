package org.llmfactory.sysinfo.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentMeterRegistryTest {
    private final AgentMeterRegistry registry = new AgentMeterRegistry();

    @AfterEach
    void stop() {
        registry.stop();
    }

    @Test
    void theColonOfAVllmNameIsKept() {
        registry.gauge("vllm:num_requests_running", 3);

        assertThat(registry.scrape()).contains("\nvllm:num_requests_running 3.0\n");
    }

    @Test
    void otherNamesFollowPrometheus() {
        registry.counter("llmfactory.requests").increment();

        assertThat(registry.scrape()).contains("\nllmfactory_requests_total 1.0\n");
    }
}
