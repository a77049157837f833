package org.llmfactory.messaging.jms;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));

    @Test
    void waitsGrowUpToABound() {
        assertThat(backoff.next()).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
        assertThat(backoff.next()).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        for (int number = 0; number < 100; number++) {
            assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofSeconds(5));
        }
        assertThat(backoff.next()).isGreaterThanOrEqualTo(Duration.ofMillis(2500));
    }

    @Test
    void successStartsOver() {
        for (int number = 0; number < 10; number++) {
            backoff.next();
        }

        backoff.reset();

        assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(100));
    }
}
