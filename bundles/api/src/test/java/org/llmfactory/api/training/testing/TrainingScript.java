package org.llmfactory.api.training.testing;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;

/**
 * What a {@link ScriptedTrainer} does in every run.
 *
 * @param steps of a run
 * @param every how many steps a checkpoint is stored; after the last one in any case
 * @param examples of the data
 * @param faults where runs fail
 * @param gate a permit for each step that may be done; null for no bound
 */
public record TrainingScript(
        int steps,
        int every,
        int examples,
        List<Fault> faults,
        @Nullable Semaphore gate) {
    /**
     * A failure.
     *
     * @param step before which it happens
     * @param runs of the trainer that fail there: the first so many
     */
    public record Fault(int step, int runs, ErrorCode code, String message) {}

    public TrainingScript {
        faults = List.copyOf(faults);
    }

    /** Runs to the end at once. */
    public static TrainingScript of(int steps, int every) {
        return new TrainingScript(steps, every, 4, List.of(), null);
    }

    /** The same, failing there. */
    public TrainingScript failing(Fault... added) {
        return new TrainingScript(steps, every, examples, List.of(added), gate);
    }

    /** The same, waiting for a permit before each step. */
    public TrainingScript gated(Semaphore permits) {
        return new TrainingScript(steps, every, examples, faults, permits);
    }

    Optional<Fault> fault(int step, int run) {
        return faults.stream()
                .filter(fault -> fault.step() == step && run <= fault.runs())
                .findFirst();
    }

    void before(int step) {
        if (gate != null) {
            gate.acquireUninterruptibly();
        }
    }
}
