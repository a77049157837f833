package org.llmfactory.api.training;

/** How a run that did not fail came to its end. */
public enum TrainingEnd {
    /** All steps are done; the last checkpoint is the result. */
    COMPLETED,
    /** The validation loss had not fallen for long enough; the checkpoint with the lowest one is the result. */
    STOPPED_EARLY,
    /** It was told to halt; its state is stored, and the same order goes on from there. */
    HALTED
}
