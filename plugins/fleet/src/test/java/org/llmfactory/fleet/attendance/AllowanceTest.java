package org.llmfactory.fleet.attendance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    private long nanos;
    private final Allowance allowance = new Allowance(2, Duration.ofMinutes(1), () -> nanos);

    @Test
    void soManyAreAllowedAtOnceAndMoreAsTimePasses() {
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isFalse();
        nanos += Duration.ofSeconds(30).toNanos();
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isFalse();
    }

    @Test
    void whatIsNotUsedDoesNotAddUpForever() {
        nanos += Duration.ofHours(1).toNanos();
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isTrue();
        assertThat(allowance.take()).isFalse();
    }
}
