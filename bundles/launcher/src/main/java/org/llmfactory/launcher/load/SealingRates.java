package org.llmfactory.launcher.load;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;

/**
 * How fast so many streams are, against the same frames over the bare link. Medians of the rounds, millions of bytes a second.
 *
 * @param sealed as streams are
 * @param unsealed the bare link
 * @param ratio of the two
 * @param sealedRounds each round's
 * @param unsealedRounds each round's
 */
record SealingRates(
        @JsonProperty("sealed_mb_s") double sealed,
        @JsonProperty("unsealed_mb_s") double unsealed,
        double ratio,
        @JsonProperty("sealed_rounds_mb_s") List<Double> sealedRounds,
        @JsonProperty("unsealed_rounds_mb_s") List<Double> unsealedRounds) {
    static SealingRates of(List<Double> sealed, List<Double> unsealed) {
        double median = median(sealed);
        double bare = median(unsealed);
        return new SealingRates(
                Distribution.rounded(median),
                Distribution.rounded(bare),
                Distribution.rounded(median / bare),
                sealed.stream().map(Distribution::rounded).toList(),
                unsealed.stream().map(Distribution::rounded).toList());
    }

    private static double median(List<Double> rates) {
        double[] sorted =
                rates.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return Distribution.percentile(sorted, 0.50);
    }

    String describe() {
        return String.format(Locale.ROOT, "sealed %.1f MB/s, bare link %.1f MB/s, ratio %.3f", sealed, unsealed, ratio);
    }
}
