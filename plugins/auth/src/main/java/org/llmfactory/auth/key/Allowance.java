package org.llmfactory.auth.key;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;
import org.llmfactory.auth.store.Network;

/**
 * How many wrong keys an address may try: a store that is full at first and refills steadily. Bounds what guessing costs the
 * database. Safe for use by several threads.
 */
final class Allowance {
    private static final int ADDRESSES = 50_000;

    private final int capacity;
    private final Duration refill;
    private final Clock clock;
    private final Cache<String, Long> fullAt;

    /**
     * An allowance for each address.
     *
     * @param capacity wrong keys at once
     * @param refill time in which one more is allowed
     */
    Allowance(int capacity, Duration refill, Clock clock) {
        this.capacity = capacity;
        this.refill = refill;
        this.clock = clock;
        this.fullAt = Caffeine.newBuilder()
                .maximumSize(ADDRESSES)
                .expireAfterWrite(refill.multipliedBy(capacity))
                .build();
    }

    /** How long an address has to wait before it may try again; zero when it may now. */
    Duration wait(String address) {
        Long full = fullAt.getIfPresent(Network.client(address));
        if (full == null) {
            return Duration.ZERO;
        }
        long over = full - clock.millis() - refill.toMillis() * (capacity - 1);
        return over <= 0 ? Duration.ZERO : Duration.ofMillis(over);
    }

    /** Notes a wrong key. */
    void spend(String address) {
        long now = clock.millis();
        fullAt.asMap()
                .merge(
                        Network.client(address),
                        now + refill.toMillis(),
                        (full, ignored) -> Math.max(full, now) + refill.toMillis());
    }
}
