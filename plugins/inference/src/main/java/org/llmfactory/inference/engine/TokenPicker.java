package org.llmfactory.inference.engine;

import java.util.Arrays;
import org.llmfactory.api.inference.SamplingParameters;

/**
 * Draws a token from what temperature, top-k, top-p and min-p leave of the distribution, in this order. Where two tokens
 * are equally likely, the lower id goes first. The vocabulary is walked through, never sorted. Reuses its memory; one
 * thread at a time.
 */
final class TokenPicker {
    /** Tokens whose weights are summed up together, so that a draw need not walk through all. */
    private static final int BLOCK = 256;

    private final int[] ids;
    /** By id: probability relative to the likeliest token. */
    private final double[] weights;

    private final double[] blockWeights;

    private float[] logits = new float[0];
    /** The candidates are the first so many ids. */
    private int size;

    TokenPicker(int vocabularySize) {
        ids = new int[vocabularySize];
        weights = new double[vocabularySize];
        blockWeights = new double[(vocabularySize + BLOCK - 1) / BLOCK];
    }

    /**
     * Draws.
     *
     * @param max the greatest logit, finite
     * @param draw uniform in [0, 1)
     */
    int pick(float[] values, float max, SamplingParameters sampling, double draw) {
        logits = values;
        double scale = 1.0 / sampling.temperature();
        if (sampling.topK() > 0 && sampling.topK() < values.length) {
            keepBest(sampling.topK());
            double total = weighCandidates(max, scale);
            keepMass(sampling.topP(), total);
        } else {
            double total = weighAll(max, scale);
            if (sampling.topP() == 1 && sampling.minP() == 0) {
                return drawFromAll(draw * total);
            }
            gather(sampling, total);
            keepMass(sampling.topP(), total);
        }
        keepAbove(sampling.minP());
        return drawFromCandidates(draw);
    }

    private double weighAll(float max, double scale) {
        double total = 0;
        for (int block = 0; block < blockWeights.length; block++) {
            double sum = 0;
            int end = Math.min((block + 1) * BLOCK, logits.length);
            for (int id = block * BLOCK; id < end; id++) {
                double weight = Exponential.of((logits[id] - max) * scale);
                weights[id] = weight;
                sum += weight;
            }
            blockWeights[block] = sum;
            total += sum;
        }
        return total;
    }

    private double weighCandidates(float max, double scale) {
        double total = 0;
        for (int i = 0; i < size; i++) {
            double weight = Exponential.of((logits[ids[i]] - max) * scale);
            weights[ids[i]] = weight;
            total += weight;
        }
        return total;
    }

    private int drawFromAll(double mass) {
        double rest = mass;
        int block = 0;
        while (block < blockWeights.length - 1 && rest >= blockWeights[block]) {
            rest -= blockWeights[block++];
        }
        int end = Math.min((block + 1) * BLOCK, logits.length);
        int last = block * BLOCK;
        for (int id = block * BLOCK; id < end; id++) {
            if (weights[id] > 0) {
                last = id;
                if (rest < weights[id]) {
                    break;
                }
            }
            rest -= weights[id];
        }
        return last;
    }

    private int drawFromCandidates(double draw) {
        // In the order of the ids, so that a rounding error elsewhere in the batch does not reshuffle the candidates.
        Arrays.sort(ids, 0, size);
        double total = 0;
        for (int i = 0; i < size; i++) {
            total += weights[ids[i]];
        }
        double rest = draw * total;
        int last = ids[0];
        for (int i = 0; i < size; i++) {
            double weight = weights[ids[i]];
            if (weight > 0) {
                last = ids[i];
                if (rest < weight) {
                    break;
                }
            }
            rest -= weight;
        }
        return last;
    }

    /** Makes candidates of the tokens that top-p and min-p may leave; most of a vocabulary weighs nothing. */
    private void gather(SamplingParameters sampling, double total) {
        if (sampling.topP() == 1) {
            gatherAbove(sampling.minP());
            return;
        }
        for (double threshold = 1e-2; threshold > 1e-9; threshold *= 1e-2) {
            if (gatherAbove(threshold) >= sampling.topP() * total) {
                return;
            }
        }
        gatherAbove(0);
    }

    private double gatherAbove(double threshold) {
        double sum = 0;
        size = 0;
        for (int id = 0; id < logits.length; id++) {
            if (weights[id] >= threshold) {
                sum += weights[id];
                ids[size++] = id;
            }
        }
        return sum;
    }

    /** Makes candidates of the best ones: a heap with the worst of them at its root. */
    private void keepBest(int count) {
        size = count;
        for (int id = 0; id < count; id++) {
            ids[id] = id;
        }
        for (int node = count / 2 - 1; node >= 0; node--) {
            sink(node);
        }
        for (int id = count; id < logits.length; id++) {
            if (isBetter(id, ids[0])) {
                ids[0] = id;
                sink(0);
            }
        }
    }

    private void sink(int start) {
        int node = start;
        for (int child = 2 * node + 1; child < size; child = 2 * node + 1) {
            if (child + 1 < size && isBetter(ids[child], ids[child + 1])) {
                child++;
            }
            if (isBetter(ids[child], ids[node])) {
                return;
            }
            swap(node, child);
            node = child;
        }
    }

    /** Keeps the fewest candidates, likeliest first, that together have this part of the total weight. */
    private void keepMass(double part, double total) {
        if (part == 1) {
            return;
        }
        double missing = part * total;
        int from = 0;
        int to = size;
        while (from < to) {
            int place = partition(from, to - 1);
            double better = 0;
            for (int i = from; i < place; i++) {
                better += weights[ids[i]];
            }
            if (better >= missing) {
                to = place;
            } else if (better + weights[ids[place]] >= missing) {
                size = place + 1;
                return;
            } else {
                missing -= better + weights[ids[place]];
                from = place + 1;
            }
        }
    }

    private void keepAbove(double threshold) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (weights[ids[i]] >= threshold) {
                swap(i, kept++);
            }
        }
        size = kept;
    }

    /** Moves what is better than some element of the range before it, and the rest behind; returns its place. */
    private int partition(int from, int to) {
        swap(medianAt(from, (from + to) >>> 1, to), to);
        int pivot = ids[to];
        int place = from;
        for (int i = from; i < to; i++) {
            if (isBetter(ids[i], pivot)) {
                swap(i, place++);
            }
        }
        swap(place, to);
        return place;
    }

    private int medianAt(int a, int b, int c) {
        boolean ab = isBetter(ids[a], ids[b]);
        if (ab == isBetter(ids[b], ids[c])) {
            return b;
        }
        return ab == isBetter(ids[a], ids[c]) ? c : a;
    }

    private boolean isBetter(int a, int b) {
        return logits[a] > logits[b] || (logits[a] == logits[b] && a < b);
    }

    private void swap(int i, int j) {
        int id = ids[i];
        ids[i] = ids[j];
        ids[j] = id;
    }
}
