package org.llmfactory.sysinfo.report;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: twice as long each time, never over a bound, and by chance half as much more or
 * less, so that many agents do not try in the same moment. Not for several threads at once.
 */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final RandomGenerator random;
    private Duration next = FIRST;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The next wait. */
    Duration next() {
        Duration base = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return Duration.ofNanos((long) (base.toNanos() * (0.5 + random.nextDouble())));
    }

    /** A try has succeeded for good. */
    void reset() {
        next = FIRST;
    }
}
