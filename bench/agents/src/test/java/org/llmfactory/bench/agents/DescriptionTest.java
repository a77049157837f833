package org.llmfactory.bench.agents;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.network.AgentReport;

class DescriptionTest {
    private final AtomicLong version = new AtomicLong();
    private final AtomicLong clock = new AtomicLong();
    private final Description description = new Description("n1", version::get, clock::get);

    @Test
    void loadChangesEveryFiveSecondsAndNothingElse() {
        List<AgentReport> minute = LongStream.range(0, 60)
                .mapToObj(second -> {
                    clock.set(TimeUnit.SECONDS.toNanos(second));
                    return description.apply("region");
                })
                .toList();

        assertThat(minute.stream().map(AgentReport::load).distinct()).hasSizeBetween(12, 13);
        assertThat(minute.stream().map(AgentReport::labels).distinct()).hasSize(1);
        assertThat(minute.stream().map(AgentReport::started).distinct()).hasSize(1);
    }

    @Test
    void labelsChangeWithTheVersion() {
        AgentReport before = description.apply("region");
        version.incrementAndGet();

        assertThat(description.apply("region").labels()).isNotEqualTo(before.labels());
    }
}
