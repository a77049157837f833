package org.llmfactory.inference.runner;

/**
 * Logits of one step: a row for each token whose logits were wanted, in the order of the chunks and their tokens. Close
 * it before the next step.
 */
public interface StepOutput extends AutoCloseable {
    int rows();

    /** The likeliest token of a row; computed with the step. */
    int argmax(int row);

    /** All logits of a row in float32; copied at each call. */
    float[] logits(int row);

    /** Copies all logits of a row into an array that has room for them, so that a caller can use one for many rows. */
    default void logits(int row, float[] target) {
        float[] logits = logits(row);
        System.arraycopy(logits, 0, target, 0, logits.length);
    }

    @Override
    void close();
}
