package org.llmfactory.api.training;

import org.llmfactory.api.model.ModelInfo;
import org.osgi.annotation.versioning.ProviderType;

/** Trains adapters. OSGi service, there where a base model can be computed; safe for use by several threads. */
@ProviderType
public interface Trainer {
    /** Whether it can train adapters for a base model now. */
    boolean trains(ModelInfo base);

    /** How many runs it takes at once; those of one base share its weights and are computed together. */
    int capacity();

    /**
     * Begins a run, or goes on with one whose state lies at the order's place; returns at once.
     *
     * @param listener called from a thread of the trainer
     * @throws org.llmfactory.api.error.FactoryException {@code OVERLOADED} when it is full, {@code MODEL_NOT_FOUND} for an
     *     unknown base, {@code UNSUPPORTED_PARAMETER} or {@code INVALID_VALUE} when it cannot do what is ordered
     */
    TrainingRun start(TrainingOrder order, TrainingListener listener);
}
