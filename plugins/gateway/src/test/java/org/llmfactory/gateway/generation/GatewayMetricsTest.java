package org.llmfactory.gateway.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.gateway.GatewayFixture;

final class GatewayMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final GatewayMetrics metrics = new GatewayMetrics();

    @Test
    void successIsCountedByProjectModelAndAdapter() throws InterruptedException {
        metrics.registry = registry;
        GatewayMetrics.Request request = begin("pirate");
        TokenUsage usage = new TokenUsage(10, 4, 3, Duration.ofMillis(5), Duration.ofMillis(20));
        request.used(usage);
        request.succeeded(usage);

        assertThat(registry.get("llmfactory.requests")
                        .tags("project", "proj_default", "model", "base", "adapter", "pirate", "outcome", "success")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("llmfactory.tokens")
                        .tag("kind", "completion")
                        .counter()
                        .count())
                .isEqualTo(3);
        assertThat(registry.get("llmfactory.tokens")
                        .tag("kind", "cached")
                        .counter()
                        .count())
                .isEqualTo(4);
        assertThat(registry.get("llmfactory.time.to.first.token").timer().count())
                .isEqualTo(1);
        assertThat(registry.get("llmfactory.requests")
                        .tag("outcome", "success")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void firstOutcomeCounts() throws InterruptedException {
        metrics.registry = registry;
        GatewayMetrics.Request request = begin("base");

        request.failed(ErrorCode.OVERLOADED);
        request.abandoned();

        assertThat(registry.get("llmfactory.requests").counters()).hasSize(1);
        assertThat(registry.get("llmfactory.requests")
                        .tag("outcome", "overloaded")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void nothingIsMeasuredWithoutARegistry() throws InterruptedException {
        begin("base").failed(ErrorCode.INTERNAL);

        assertThat(registry.getMeters()).isEmpty();
    }

    private GatewayMetrics.Request begin(String model) throws InterruptedException {
        try (GatewayFixture gateway = GatewayFixture.saying("")) {
            return metrics.begin("proj_default", gateway.models.resolve(Caller.platform(), model));
        }
    }
}
