package org.llmfactory.fleet.attendance;

import java.time.Duration;
import java.util.function.LongSupplier;

/** So many within a period, then no more until time has passed. Not for several threads at once. */
final class Allowance {
    private final int most;
    private final double nanosForOne;
    private final LongSupplier nanos;
    private double left;
    private long seen;

    Allowance(int most, Duration period, LongSupplier nanos) {
        this.most = most;
        this.nanosForOne = (double) period.toNanos() / most;
        this.nanos = nanos;
        this.left = most;
        this.seen = nanos.getAsLong();
    }

    /** Takes one; false when there is none. */
    boolean take() {
        long now = nanos.getAsLong();
        left = Math.min(most, left + (now - seen) / nanosForOne);
        seen = now;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
