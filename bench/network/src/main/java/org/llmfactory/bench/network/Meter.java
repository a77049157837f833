package org.llmfactory.bench.network;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Counts what arrives, and when the first and the last came. Safe for several threads. */
final class Meter {
    private static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong first = new AtomicLong(NEVER);
    private final AtomicLong last = new AtomicLong(NEVER);
    private final LongAdder messages = new LongAdder();

    /** A message has come. */
    void arrived() {
        arrived(System.nanoTime());
    }

    void arrived(long now) {
        first.compareAndSet(NEVER, now);
        last.set(now);
        messages.increment();
    }

    /**
     * What has arrived until now. The first message starts the clock, so its bytes are not part of the rate.
     *
     * @param size bytes of content of a message
     */
    Throughput throughput(int size) {
        long count = messages.sum();
        double seconds = (last.get() - first.get()) / 1e9;
        double rate = count < 2 || seconds <= 0 ? 0 : (count - 1) * (double) size / seconds / 1e6;
        return new Throughput(count, count * size, count == 0 ? 0 : seconds, rate);
    }
}
