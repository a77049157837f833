package org.llmfactory.auth.password;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Clock;
import java.time.Duration;

/**
 * Makes guessing slow: after some failures one has to wait, twice as long after each further one. Kept in memory and bounded.
 * Safe for use by several threads.
 */
final class Lockout {
    private static final int SUBJECTS = 50_000;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration FORGOTTEN = Duration.ofHours(24);

    private final int free;
    private final Clock clock;
    private final Cache<String, Failures> failures = Caffeine.newBuilder()
            .maximumSize(SUBJECTS)
            .expireAfterWrite(FORGOTTEN)
            .build();

    private record Failures(int count, long lockedUntil) {}

    /**
     * A lockout.
     *
     * @param free failures that are not held against anyone
     */
    Lockout(int free, Clock clock) {
        this.free = free;
        this.clock = clock;
    }

    /** How long a subject has to wait; zero when it need not. */
    Duration wait(String subject) {
        Failures past = failures.getIfPresent(subject);
        return past == null ? Duration.ZERO : Duration.ofMillis(Math.max(0, past.lockedUntil() - clock.millis()));
    }

    /** Notes a failure. */
    void failed(String subject) {
        failures.asMap()
                .merge(
                        subject,
                        new Failures(1, 0),
                        (past, first) -> new Failures(past.count() + 1, lockedUntil(past.count() + 1)));
    }

    private long lockedUntil(int count) {
        if (count <= free) {
            return 0;
        }
        long doubled = 1000L << Math.min(count - free - 1, 20);
        return clock.millis() + Math.min(doubled, LONGEST.toMillis());
    }

    /** Forgets the failures of a subject, which has proved itself. */
    void succeeded(String subject) {
        failures.invalidate(subject);
    }
}
