package org.llmfactory.rest.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class UnreadBodyTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Exchange exchange = Exchange.post("/", "x".repeat(1_000_000));

    @Test
    void isReadToItsEnd() {
        exchange.declaringItsLength();

        assertThat(new UnreadBody(2_000_000, MINUTE).discard(exchange.request()))
                .isTrue();
        assertThat(exchange.unread()).isZero();
    }

    @Test
    void isReadNoFurtherThanItsBound() {
        exchange.header("Transfer-Encoding", "chunked");

        assertThat(new UnreadBody(100_000, MINUTE).discard(exchange.request())).isFalse();
        assertThat(exchange.unread()).isBetween(800_000, 900_000);
    }

    @Test
    void isReadNoLongerThanItsTime() {
        exchange.declaringItsLength();

        assertThat(new UnreadBody(2_000_000, Duration.ZERO).discard(exchange.request()))
                .isFalse();
        assertThat(exchange.unread()).isEqualTo(1_000_000);
    }

    @Test
    void isNotLookedForWhereTheRequestDeclaresNone() {
        assertThat(new UnreadBody(2_000_000, MINUTE).discard(exchange.request()))
                .isTrue();
        assertThat(exchange.unread()).isEqualTo(1_000_000);
    }
}
