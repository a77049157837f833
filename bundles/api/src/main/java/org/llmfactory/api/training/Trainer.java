package org.llmfactory.api.training;

import java.util.Set;
import org.llmfactory.api.storage.ObjectStore;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Trains adapters. OSGi service; where it computes, in this process or on another agent, does not show in how it is used.
 * Safe for use by several threads.
 */
@ProviderType
public interface Trainer {
    /** Service property: the address of the agent that it computes on; absent for one in this process. */
    String AGENT = "trainer.agent";

    /** Digests of the base models that it can train adapters for now. */
    Set<String> models();

    /** Whether it takes orders of a project; nodes of other projects do not. */
    default boolean worksFor(String project) {
        return true;
    }

    /** How many runs it takes at once; those of one base share its weights and are computed together. */
    int capacity();

    /**
     * Begins a run, or goes on with one whose state lies at the order's place; returns at once.
     *
     * @param store holds the data and the place; the run touches nothing else in it
     * @param listener called from a thread of the trainer
     * @throws org.llmfactory.api.error.FactoryException {@code OVERLOADED} when it is full, {@code MODEL_NOT_FOUND} for an
     *     unknown base, {@code UNSUPPORTED_PARAMETER} or {@code INVALID_VALUE} when it cannot do what is ordered
     */
    TrainingRun start(TrainingOrder order, ObjectStore store, TrainingListener listener);
}
