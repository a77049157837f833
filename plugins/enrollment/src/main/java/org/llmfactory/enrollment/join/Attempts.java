package org.llmfactory.enrollment.join;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;

/**
 * Bounds how often those who fail may try. Each network address has so many failures, which come back one by one. Whoever
 * succeeds is not slowed down. Safe for use by several threads.
 */
final class Attempts {
    private static final int FAILURES = 20;
    private static final long EACH_NANOS = Duration.ofSeconds(3).toNanos();
    private static final int ADDRESSES = 10_000;

    private final LongSupplier nanos;
    /** When the last failure of an address will be forgotten. */
    private final Map<String, Long> forgotten = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > ADDRESSES;
        }
    };

    /**
     * Nobody has failed yet.
     *
     * @param nanos a clock like {@link System#nanoTime}
     */
    Attempts(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Checks that an address may try.
     *
     * @throws FactoryException {@code RATE_LIMITED} when it has failed too often
     */
    synchronized void check(String address) {
        long left = left(address) - (FAILURES - 1) * EACH_NANOS;
        if (left > 0) {
            throw FactoryException.retryLater(
                    ErrorCode.RATE_LIMITED,
                    Duration.ofNanos(left).plusSeconds(1),
                    "Too many agents have failed to join from this address. Wait a little, and check the token.");
        }
    }

    /** It has failed. */
    synchronized void failed(String address) {
        forgotten.put(address, nanos.getAsLong() + left(address) + EACH_NANOS);
    }

    private long left(String address) {
        Long time = forgotten.get(address);
        return time == null ? 0 : Math.max(0, time - nanos.getAsLong());
    }
}
