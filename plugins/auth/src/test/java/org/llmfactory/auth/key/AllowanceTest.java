package org.llmfactory.auth.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.llmfactory.auth.store.SettableClock;

final class AllowanceTest {
    private final SettableClock clock = new SettableClock();
    private final Allowance allowance = new Allowance(3, Duration.ofSeconds(1), clock);

    private void spend(String address, int times) {
        for (int i = 0; i < times; i++) {
            allowance.spend(address);
        }
    }

    @Test
    void fewWrongKeysAreFree() {
        spend("192.0.2.1", 2);

        assertThat(allowance.wait("192.0.2.1")).isZero();
    }

    @Test
    void manyHaveToWait() {
        spend("192.0.2.1", 3);

        assertThat(allowance.wait("192.0.2.1")).isEqualTo(Duration.ofSeconds(1));
        assertThat(allowance.wait("192.0.2.2")).isZero();
    }

    @Test
    void allowanceRefills() {
        spend("192.0.2.1", 3);
        clock.pass(Duration.ofSeconds(1));

        assertThat(allowance.wait("192.0.2.1")).isZero();
        spend("192.0.2.1", 1);
        assertThat(allowance.wait("192.0.2.1")).isPositive();
    }
}
