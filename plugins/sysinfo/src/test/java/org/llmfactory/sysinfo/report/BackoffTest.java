package org.llmfactory.sysinfo.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(new Random(1));

    @Test
    void waitsGrowUpToABound() {
        assertThat(backoff.next()).isBetween(Duration.ofMillis(100), Duration.ofMillis(300));
        for (int i = 0; i < 20; i++) {
            assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofSeconds(15));
        }
        assertThat(backoff.next()).isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void agentsDoNotTryInTheSameMoment() {
        Set<Duration> waits = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            waits.add(new Backoff(new Random(seed)).next());
        }

        assertThat(waits).hasSizeGreaterThan(40);
    }

    @Test
    void afterSuccessWaitsAreShortAgain() {
        for (int i = 0; i < 8; i++) {
            backoff.next();
        }
        backoff.reset();

        assertThat(backoff.next()).isLessThan(Duration.ofMillis(301));
    }
}
