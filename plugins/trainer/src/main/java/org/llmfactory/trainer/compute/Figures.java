package org.llmfactory.trainer.compute;

/**
 * What was found for one sequence.
 *
 * @param loss the sum of the negative log-likelihoods of the tokens that count
 * @param hits how many of them were the likeliest
 * @param count how many there are
 */
public record Figures(double loss, int hits, int count) {
    /** Nothing yet. */
    public static final Figures NONE = new Figures(0, 0, 0);

    /** Both together. */
    public Figures plus(Figures other) {
        return new Figures(loss + other.loss, hits + other.hits, count + other.count);
    }

    /** The mean loss of a token. */
    public double meanLoss() {
        return loss / Math.max(1, count);
    }

    /** The share of tokens that were the likeliest. */
    public double accuracy() {
        return (double) hits / Math.max(1, count);
    }
}
