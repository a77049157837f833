package org.llmfactory.trainer.compute;

/**
 * Tokens that attend to each other.
 *
 * @param tokens at least one
 * @param trained for each token whether it counts in the loss; the first one never does, since nothing foretells it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
public record Sequence(int[] tokens, boolean[] trained) {
    public Sequence {
        if (tokens.length == 0 || tokens.length != trained.length) {
            throw new IllegalArgumentException(tokens.length + " tokens, " + trained.length + " marks");
        }
    }

    /** How many tokens there are. */
    public int length() {
        return tokens.length;
    }

    /** How many tokens count in the loss. */
    public int trainedTokens() {
        int count = 0;
        for (int i = 1; i < trained.length; i++) {
            count += trained[i] ? 1 : 0;
        }
        return count;
    }
}
