package org.llmfactory.dataplane.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class StreamMetricsTest {
    @Test
    void whatStreamsDoIsShownWhileThereIsARegistry() {
        MeterRegistry registry = new SimpleMeterRegistry();
        StreamMetrics metrics = new StreamMetrics();
        metrics.meters().opened();
        metrics.meters().sent(5);

        metrics.bindRegistry(registry);
        metrics.meters().resent();

        assertThat(registry.get("llmfactory.streams.open").gauge().value()).isEqualTo(1);
        assertThat(count(registry, "llmfactory.streams.bytes", "sent")).isEqualTo(5);
        assertThat(count(registry, "llmfactory.streams.bytes", "received")).isZero();
        assertThat(count(registry, "llmfactory.streams.frames", "resent")).isEqualTo(1);
        assertThat(count(registry, "llmfactory.streams.frames", "refused")).isZero();

        metrics.unbindRegistry(registry);
        assertThat(registry.getMeters()).isEmpty();
    }

    private static double count(MeterRegistry registry, String name, String outcome) {
        return registry.get(name).tag("outcome", outcome).functionCounter().count();
    }
}
