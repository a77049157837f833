package org.llmfactory.inference.engine;

import java.util.Arrays;
import org.llmfactory.api.inference.SamplingParameters;

/**
 * Draws a token from what temperature, top-k, top-p and min-p leave of the distribution, in this order. Where two tokens
 * are equally likely, the lower id goes first. Nothing is sorted but what is left at the end. Reuses its memory; one
 * thread at a time.
 */
final class TokenPicker {
    private final int[] ids;
    /** By id: probability relative to the likeliest token; valid for candidates. */
    private final double[] weights;

    private float[] logits = new float[0];
    /** The candidates are the first so many ids. */
    private int size;

    TokenPicker(int vocabularySize) {
        ids = new int[vocabularySize];
        weights = new double[vocabularySize];
    }

    /**
     * Draws.
     *
     * @param max the greatest logit, finite
     * @param draw uniform in [0, 1)
     */
    int pick(float[] values, float max, SamplingParameters sampling, double draw) {
        logits = values;
        size = values.length;
        for (int id = 0; id < size; id++) {
            ids[id] = id;
        }
        if (sampling.topK() > 0 && sampling.topK() < size) {
            keepBest(sampling.topK());
        }
        double total = weigh(max, sampling.temperature());
        if (sampling.topP() < 1) {
            keepMass(sampling.topP() * total);
        }
        if (sampling.minP() > 0) {
            keepAbove(sampling.minP());
        }
        return draw(draw);
    }

    private double weigh(float max, float temperature) {
        double scale = 1.0 / temperature;
        double total = 0;
        for (int i = 0; i < size; i++) {
            double weight = Math.exp((logits[ids[i]] - max) * scale);
            weights[ids[i]] = weight;
            total += weight;
        }
        return total;
    }

    private void keepBest(int count) {
        int from = 0;
        int to = size - 1;
        while (from < to) {
            int place = partition(from, to);
            if (place == count - 1) {
                break;
            }
            if (place < count) {
                from = place + 1;
            } else {
                to = place - 1;
            }
        }
        size = count;
    }

    /** Keeps the fewest, likeliest first, that together weigh at least so much. */
    private void keepMass(double mass) {
        preselect(mass);
        double missing = mass;
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

    /** Most of the vocabulary weighs next to nothing: leaves it aside in one pass where the rest is heavy enough. */
    private void preselect(double mass) {
        for (double threshold = 1e-2; threshold > 1e-7; threshold *= 1e-2) {
            double sum = 0;
            int kept = 0;
            for (int i = 0; i < size; i++) {
                double weight = weights[ids[i]];
                if (weight >= threshold) {
                    sum += weight;
                    swap(i, kept++);
                }
            }
            if (sum >= mass) {
                size = kept;
                return;
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

    private int draw(double draw) {
        // In the order of the ids, so that a rounding error elsewhere in the batch does not reshuffle the candidates.
        if (size < ids.length) {
            Arrays.sort(ids, 0, size);
        }
        double total = 0;
        for (int i = 0; i < size; i++) {
            total += weights[ids[i]];
        }
        double rest = draw * total;
        int last = 0;
        for (int i = 0; i < size; i++) {
            double weight = weights[ids[i]];
            if (weight > 0) {
                last = ids[i];
                if (rest < weight) {
                    return last;
                }
            }
            rest -= weight;
        }
        return last;
    }

    /** Moves what is better than some element of the range before it, and the rest behind; returns its place. */
    private int partition(int from, int to) {
        int pivot = median(ids[from], ids[(from + to) >>> 1], ids[to]);
        int place = from;
        int pivotAt = from;
        for (int i = from; i <= to; i++) {
            if (ids[i] == pivot) {
                pivotAt = i;
                break;
            }
        }
        swap(pivotAt, to);
        for (int i = from; i < to; i++) {
            if (isBetter(ids[i], pivot)) {
                swap(i, place++);
            }
        }
        swap(place, to);
        return place;
    }

    private int median(int a, int b, int c) {
        if (isBetter(a, b)) {
            return isBetter(b, c) ? b : isBetter(a, c) ? c : a;
        }
        return isBetter(a, c) ? a : isBetter(b, c) ? c : b;
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
