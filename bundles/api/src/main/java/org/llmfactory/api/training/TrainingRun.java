package org.llmfactory.api.training;

import org.osgi.annotation.versioning.ProviderType;

/** A run in progress; safe for use by several threads. */
@ProviderType
public interface TrainingRun {
    /**
     * Asks it to stop after the step it is in; returns at once. With {@code HALTED} as its end its state is stored. A run
     * that has come to its end is left as it is.
     */
    void halt();
}
