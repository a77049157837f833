package org.llmfactory.api.training.testing;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.ToDoubleBiFunction;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.training.Hyperparameters;

/**
 * What a {@link ScriptedTrainer} does in every run.
 *
 * @param steps of a run
 * @param every how many steps a checkpoint is stored; after the last one in any case
 * @param examples of the data
 * @param faults where runs fail
 * @param gate a permit for each step that may be done; null for no bound
 * @param losses the validation loss that values give at a step
 */
public record TrainingScript(
        int steps,
        int every,
        int examples,
        List<Fault> faults,
        @Nullable Semaphore gate,
        ToDoubleBiFunction<Hyperparameters, Integer> losses) {
    private static final int MANY = 100_000;

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
        return new TrainingScript(steps, every, 4, List.of(), null, (values, step) -> 2.0 / step);
    }

    /** The same, failing there. */
    public TrainingScript failing(Fault... added) {
        return new TrainingScript(steps, every, examples, List.of(added), gate, losses);
    }

    /** The same, waiting for a permit before each step. */
    public TrainingScript gated(Semaphore permits) {
        return new TrainingScript(steps, every, examples, faults, permits, losses);
    }

    /** The same, with these validation losses. */
    public TrainingScript graded(ToDoubleBiFunction<Hyperparameters, Integer> validation) {
        return new TrainingScript(steps, every, examples, faults, gate, validation);
    }

    /** Lets all that waits at the gate go on. */
    public void open() {
        if (gate != null) {
            gate.release(MANY);
        }
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
