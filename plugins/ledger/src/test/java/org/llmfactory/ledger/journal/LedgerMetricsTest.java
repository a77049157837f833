package org.llmfactory.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LedgerMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LedgerMetrics metrics = new LedgerMetrics();

    @Test
    void entriesCommitsAndQueueAreMeasured() {
        metrics.bindRegistry(registry);
        metrics.watch(() -> 7);

        metrics.committed(3, Duration.ofMillis(2));
        metrics.failed(1);

        assertThat(registry.get("llmfactory.ledger.entries")
                        .tag("outcome", "written")
                        .counter()
                        .count())
                .isEqualTo(3);
        assertThat(registry.get("llmfactory.ledger.entries")
                        .tag("outcome", "failed")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("llmfactory.ledger.commit").timer().count()).isEqualTo(1);
        assertThat(registry.get("llmfactory.ledger.queue").gauge().value()).isEqualTo(7);
    }

    @Test
    void withoutRegistryNothingHappensAndAGoneOneIsLeftClean() {
        metrics.committed(1, Duration.ofMillis(1));
        metrics.bindRegistry(registry);
        metrics.unbindRegistry(registry);
        metrics.committed(1, Duration.ofMillis(1));

        assertThat(registry.find("llmfactory.ledger.queue").gauge()).isNull();
        assertThat(registry.find("llmfactory.ledger.entries").counter()).isNull();
    }
}
