package org.llmfactory.leadership.election;

import java.time.Duration;

/**
 * The times of an election. They hold by each controller's own monotonic clock; clocks may run at rates that differ by as
 * much as patience is longer than the lease.
 *
 * @param lease how long a majority's confirmation lasts, from when it was asked for
 * @param renewal how often a leader asks for it
 * @param patience how long a controller stays with a leader it heard
 * @param spread the longest random time beyond patience after which it stands itself
 * @param answer how long an answer is waited for
 * @param viewAge for how long after it was read the list of controllers may be relied on
 */
public record Timing(
        Duration lease, Duration renewal, Duration patience, Duration spread, Duration answer, Duration viewAge) {
    /** What controllers use. */
    public static final Timing DEFAULT = new Timing(
            Duration.ofSeconds(2),
            Duration.ofMillis(500),
            Duration.ofMillis(2_500),
            Duration.ofMillis(1_500),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5));

    /** @throws IllegalArgumentException for times with which two could lead at once, or nobody */
    public Timing {
        if (renewal.isNegative() || renewal.isZero() || renewal.multipliedBy(2).compareTo(lease) > 0) {
            throw new IllegalArgumentException("A lease is renewed at least twice while it lasts");
        }
        if (lease.compareTo(patience) >= 0) {
            throw new IllegalArgumentException("A lease is shorter than the patience of those who gave it");
        }
        if (spread.toMillis() < 8) {
            throw new IllegalArgumentException(
                    "Candidates at the same moment elect nobody; the spread keeps them apart");
        }
    }

    /**
     * How long the list of controllers stays as it is between two changes: when it is over, nobody relies on what was
     * before the earlier one, and no lease from then is left. Thus the majorities of any two lists in use have a
     * controller in common.
     */
    public Duration pauseBetweenChanges() {
        return viewAge.plus(lease).plus(viewAge.dividedBy(5));
    }
}
