package org.llmfactory.decoder;

/** In which of the equivalent ways matrices lie in memory. */
public enum WeightForm {
    /** As they are. */
    PLAIN,
    /** Reordered for oneDNN: faster to serve on a CPU. */
    PACKED,
    /** As they are, and able to take part in a gradient. */
    DIFFERENTIABLE
}
