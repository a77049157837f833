package org.llmfactory.merger.extract;

import org.llmfactory.merger.compute.Spectrum;

/**
 * How many singular directions of a change are kept.
 *
 * @param energy the share of the squared Frobenius norm that is enough, above 0; 1 keeps {@code maximum} directions
 * @param maximum the largest rank
 */
public record RankRule(double energy, int maximum) {
    public RankRule {
        if (!(energy > 0 && energy <= 1) || maximum < 1) {
            throw new IllegalArgumentException(
                    "energy must be above 0 and at most 1 and maximum at least 1, but are " + energy + ", " + maximum);
        }
    }

    /** Always the same rank. */
    public static RankRule fixed(int rank) {
        return new RankRule(1, rank);
    }

    int rank(Spectrum spectrum) {
        return energy == 1 ? Math.min(maximum, spectrum.size()) : spectrum.rank(energy, maximum);
    }
}
