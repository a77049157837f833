package org.llmfactory.datasets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * How long rows are. All zero for no rows.
 *
 * @param histogram how many rows lie in each of {@value #BINS} equal steps from {@code min} to {@code max}
 */
public record Lengths(long total, int min, double mean, int p50, int p95, int max, List<Integer> histogram) {
    static final int BINS = 20;

    public Lengths {
        histogram = List.copyOf(histogram);
    }

    /** Lengths as they come. */
    static final class Collector {
        private int[] lengths = new int[1024];
        private int count;

        void add(int length) {
            if (count == lengths.length) {
                lengths = Arrays.copyOf(lengths, count * 2);
            }
            lengths[count++] = length;
        }

        Lengths summary() {
            if (count == 0) {
                return new Lengths(0, 0, 0, 0, 0, 0, Collections.nCopies(BINS, 0));
            }
            int[] sorted = Arrays.copyOf(lengths, count);
            Arrays.sort(sorted);
            long total = Arrays.stream(sorted).asLongStream().sum();
            int min = sorted[0];
            int max = sorted[count - 1];
            return new Lengths(
                    total,
                    min,
                    (double) total / count,
                    quantile(sorted, 0.5),
                    quantile(sorted, 0.95),
                    max,
                    histogram(sorted, min, max));
        }

        /** The smallest length that this share of the rows does not exceed. */
        private static int quantile(int[] sorted, double share) {
            return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
        }

        private static List<Integer> histogram(int[] sorted, int min, int max) {
            int[] bins = new int[BINS];
            double width = Math.max(1, (max - min + 1) / (double) BINS);
            for (int length : sorted) {
                bins[Math.min(BINS - 1, (int) ((length - min) / width))]++;
            }
            List<Integer> counts = new ArrayList<>();
            Arrays.stream(bins).forEach(counts::add);
            return counts;
        }
    }
}
