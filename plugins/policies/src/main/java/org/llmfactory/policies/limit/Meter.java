package org.llmfactory.policies.limit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.local.SynchronizationStrategy;
import java.time.Duration;

/** One token bucket that fills up in a minute. Not safe by itself: {@link RateLimiter} holds its lock around it. */
final class Meter {
    /** The bucket's arithmetic takes no more than one a nanosecond. */
    private static final long MAXIMUM = 50_000_000_000L;

    private final Bucket bucket;
    private long capacity;

    Meter(long capacity, TimeMeter clock) {
        this.capacity = bounded(capacity);
        this.bucket = Bucket.builder()
                .addLimit(bandwidth(this.capacity))
                .withCustomTimePrecision(clock)
                .withSynchronizationStrategy(SynchronizationStrategy.NONE)
                .build();
    }

    private static long bounded(long perMinute) {
        return Math.min(MAXIMUM, perMinute);
    }

    private static Bandwidth bandwidth(long perMinute) {
        return Bandwidth.builder()
                .capacity(perMinute)
                .refillGreedy(perMinute, Duration.ofMinutes(1))
                .build();
    }

    /** Holds from now on; what is in the bucket stays there, as far as it still fits. */
    void resize(long perMinute) {
        if (bounded(perMinute) != capacity) {
            capacity = bounded(perMinute);
            bucket.replaceConfiguration(
                    BucketConfiguration.builder().addLimit(bandwidth(capacity)).build(),
                    TokensInheritanceStrategy.AS_IS);
        }
    }

    long capacity() {
        return capacity;
    }

    /** Nanoseconds until that much could be taken; 0 for now. */
    long nanosUntil(long amount) {
        if (amount == 0) {
            return 0;
        }
        EstimationProbe probe = bucket.estimateAbilityToConsume(amount);
        return probe.canBeConsumed() ? 0 : Math.max(1, probe.getNanosToWaitForRefill());
    }

    /** Takes what is there for certain. */
    void take(long amount) {
        if (amount > 0 && !bucket.tryConsume(amount)) {
            throw new IllegalStateException("nothing there to take " + amount + " from");
        }
    }

    State state() {
        return new State(capacity, bucket.getAvailableTokens(), nanosUntil(capacity));
    }

    void giveBack(long amount) {
        if (amount > 0) {
            bucket.addTokens(amount);
        }
    }

    /** How a bucket stands: what it holds, and the nanoseconds until it is full again. */
    record State(long limit, long remaining, long nanosToReset) {}
}
