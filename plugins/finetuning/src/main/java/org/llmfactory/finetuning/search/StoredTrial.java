package org.llmfactory.finetuning.search;

import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.llmfactory.search.Trial;

/**
 * A trial as it lies in the table.
 *
 * @param number 0 for the first
 * @param job what was ordered for it
 * @param values what the sampler proposed
 * @param loss the lowest validation loss; of one that was stopped early, the last one
 * @param looked how many of its evaluations have been compared with those of others
 */
public record StoredTrial(
        int number,
        String job,
        Map<String, Double> values,
        State state,
        @Nullable Double loss,
        int looked) {
    /** Where a trial is. */
    public enum State {
        RUNNING,
        /** It was stopped early. */
        PRUNED,
        DONE,
        FAILED
    }

    public StoredTrial {
        values = Map.copyOf(values);
    }

    StoredTrial now(State next, @Nullable Double measured, int compared) {
        return new StoredTrial(number, job, values, next, measured, compared);
    }

    /** As the samplers see it. */
    Trial trial() {
        return new Trial(values, loss == null ? OptionalDouble.empty() : OptionalDouble.of(loss));
    }
}
