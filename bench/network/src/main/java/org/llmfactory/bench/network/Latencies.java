package org.llmfactory.bench.network;

import java.util.Arrays;
import org.llmfactory.api.network.Meaning;

/**
 * Where measured times lie, in microseconds; percentiles by nearest rank.
 *
 * @param count how many were measured
 * @param p50Micros half of them are at most this
 * @param p95Micros the slow end
 * @param p99Micros the slower end
 * @param maxMicros the slowest
 */
public record Latencies(
        @Meaning("how many were measured") int count,
        @Meaning("median, microseconds") double p50Micros,
        @Meaning("95th percentile, microseconds") double p95Micros,
        @Meaning("99th percentile, microseconds") double p99Micros,
        @Meaning("the slowest, microseconds") double maxMicros) {
    /** @param nanos at least one, in any order */
    static Latencies of(long[] nanos) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new Latencies(
                sorted.length,
                percentile(sorted, 0.50),
                percentile(sorted, 0.95),
                percentile(sorted, 0.99),
                percentile(sorted, 1));
    }

    private static double percentile(long[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)] / 1e3;
    }
}
