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

    @Override
    void close();
}
