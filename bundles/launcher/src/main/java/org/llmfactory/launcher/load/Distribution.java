package org.llmfactory.launcher.load;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Where the values of a measurement lie.
 *
 * @param medianMs half of them are at most this, milliseconds
 * @param p95Ms the slow end
 */
record Distribution(
        @JsonProperty("median_ms") double medianMs,
        @JsonProperty("p95_ms") double p95Ms) {
    static <T> Distribution of(List<T> values, ToDoubleFunction<T> milliseconds) {
        double[] sorted = values.stream().mapToDouble(milliseconds).sorted().toArray();
        return new Distribution(rounded(percentile(sorted, 0.50)), rounded(percentile(sorted, 0.95)));
    }

    /** The nearest-rank percentile of sorted values. */
    static double percentile(double[] sorted, double share) {
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.max(0, rank - 1)];
    }

    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
