package org.llmfactory.messaging.jms;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next try: longer each time up to a bound, and never all agents at once. Of one thread. */
final class Backoff {
    private final long shortestMillis;
    private final long longestMillis;
    private long nextMillis;

    Backoff(Duration shortest, Duration longest) {
        shortestMillis = shortest.toMillis();
        longestMillis = longest.toMillis();
        nextMillis = shortestMillis;
    }

    /** Between half of and the whole of what is due; doubles what is due next. */
    Duration next() {
        long due = nextMillis;
        nextMillis = Math.min(longestMillis, due * 2);
        return Duration.ofMillis(due / 2 + ThreadLocalRandom.current().nextLong(due / 2 + 1));
    }

    /** To be called when a try has succeeded. */
    void reset() {
        nextMillis = shortestMillis;
    }
}
