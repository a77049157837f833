package org.llmfactory.finetuning.search;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jdbi.v3.core.Handle;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobStore;
import org.llmfactory.finetuning.job.StoredCheckpoint;
import org.llmfactory.finetuning.search.StoredTrial.State;
import org.llmfactory.search.SuccessiveHalving;

/**
 * A trial, and what has come of it so far.
 *
 * @param job its job now
 * @param losses its validation losses, in the order of its evaluations
 */
record Seen(StoredTrial trial, Job job, List<Double> losses) {
    static Seen of(StoredTrial trial, JobStore jobs, Handle handle) {
        List<Double> losses = jobs.checkpoints(handle, trial.job()).stream()
                .map(StoredCheckpoint::validationLoss)
                .flatMapToDouble(OptionalDouble::stream)
                .boxed()
                .toList();
        return new Seen(trial, jobs.find(handle, trial.job()).orElseThrow(), losses);
    }

    boolean isUnderWay() {
        return !job.status().isEnd();
    }

    /**
     * The trial as it is to be written down.
     *
     * @param pruning whether it is compared with the others
     * @param all of the search, this one too
     */
    StoredTrial verdict(boolean pruning, List<Seen> all) {
        if (trial.state() != State.RUNNING) {
            return trial;
        }
        Optional<Double> lowest = losses.stream().min(Comparator.naturalOrder());
        return switch (job.status()) {
            case SUCCEEDED ->
                lowest.map(loss -> trial.now(State.DONE, loss, losses.size()))
                        .orElseGet(() -> trial.now(State.FAILED, null, 0));
            case FAILED -> trial.now(State.FAILED, null, losses.size());
            // By its people.
            case CANCELLED ->
                losses.isEmpty()
                        ? trial.now(State.FAILED, null, 0)
                        : trial.now(State.PRUNED, losses.get(losses.size() - 1), losses.size());
            default -> pruning ? compare(all) : trial;
        };
    }

    private StoredTrial compare(List<Seen> all) {
        for (int evaluation = trial.looked() + 1; evaluation <= losses.size(); evaluation++) {
            int place = evaluation - 1;
            if (SuccessiveHalving.isRung(evaluation)) {
                List<Double> others = all.stream()
                        .filter(other -> other.trial.number() != trial.number() && other.losses.size() > place)
                        .map(other -> other.losses.get(place))
                        .toList();
                if (!SuccessiveHalving.goesOn(losses.get(place), others)) {
                    return trial.now(State.PRUNED, losses.get(place), evaluation);
                }
            }
        }
        return losses.size() == trial.looked() ? trial : trial.now(State.RUNNING, null, losses.size());
    }
}
