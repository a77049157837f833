package org.llmfactory.merger.compute;

import org.llmfactory.torch.Tensor;

/** Where a change has its energy, the squared Frobenius norm: its singular directions, those with the most energy first. */
public final class Spectrum {
    private final float[] shares;
    private final Tensor vectors;

    Spectrum(float[] shares, Tensor vectors) {
        this.shares = shares;
        this.vectors = vectors;
    }

    /** How many directions there are. */
    public int size() {
        return shares.length;
    }

    /** The least rank that holds this share of the energy, at least 1 and at most {@code maximum}. */
    public int rank(double share, int maximum) {
        int rank = 1;
        while (rank < Math.min(maximum, shares.length) && shares[rank - 1] < share) {
            rank++;
        }
        return rank;
    }

    /** The directions on the change's shorter side, as columns. */
    Tensor vectors() {
        return vectors;
    }
}
