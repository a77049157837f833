package org.llmfactory.api.training;

import org.llmfactory.api.error.FactoryException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Hears of a run, one call at a time, in the order of the events; the last one is {@link #ended} or {@link #failed}. What
 * it throws ends the run as a failure.
 */
@ConsumerType
public interface TrainingListener {
    /** The data has been read and the run begins. */
    void planned(TrainingPlan plan);

    /** A step is done. */
    void stepped(StepReport report);

    /**
     * A checkpoint is stored. After a run was interrupted a checkpoint that was told of before may be told of again.
     */
    void saved(Checkpoint checkpoint);

    /** The run is over. */
    void ended(TrainingEnd end);

    /**
     * The run has failed. {@code INVALID_FILE} and {@code INVALID_VALUE} are the order's fault, and running it again would
     * fail again; {@code UNAVAILABLE} and {@code INTERNAL} may pass. The parameter of an {@code INVALID_FILE} is {@code
     * training_file} or {@code validation_file}.
     */
    void failed(FactoryException failure);
}
