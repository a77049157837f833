package org.llmfactory.finetuning.search;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.adapter.FineTunedName;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.finetuning.job.Facts;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobStore;
import org.llmfactory.finetuning.job.Status;
import org.llmfactory.finetuning.search.StoredTrial.State;
import org.llmfactory.search.SuccessiveHalving;

/**
 * Brings searches forward: looks at what has come of the trials' jobs, stops those that look bad, and orders the next. All
 * that follows from the tables is written in one transaction, so that any number of agents can do it and any of them can
 * die; a trial is there if and only if its job is.
 */
public final class Searcher {
    private final SearchStore searches;
    private final JobStore jobs;
    private final AdapterRegistry registry;

    public Searcher(SearchStore searches, JobStore jobs, AdapterRegistry registry) {
        this.searches = searches;
        this.jobs = jobs;
        this.registry = registry;
    }

    /** Does all that can be done now. */
    public void run() {
        searches.running().forEach(this::advance);
        searches.toClean().forEach(this::clean);
    }

    /** What is to be done after the transaction: it is told to others, or can be done twice. */
    private record Aftermath(List<String> ordered, List<String> stopped) {}

    private void advance(String id) {
        searches.inTurn(id, handle -> advance(handle, searches.find(handle, id).orElseThrow()))
                .ifPresent(after -> {
                    after.ordered.forEach(jobs::tell);
                    after.stopped.forEach(this::stop);
                });
    }

    private Aftermath advance(Handle handle, Search search) {
        Map<String, Job> known = new HashMap<>();
        Map<Integer, List<Double>> losses = new HashMap<>();
        List<StoredTrial> trials = new ArrayList<>(searches.trials(handle, search.id()));
        for (StoredTrial trial : trials) {
            known.put(trial.job(), jobs.find(handle, trial.job()).orElseThrow());
            losses.put(trial.number(), losses(handle, trial.job()));
        }
        Aftermath after = new Aftermath(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < trials.size(); i++) {
            StoredTrial before = trials.get(i);
            StoredTrial now = look(search, before, known, losses);
            if (!now.equals(before)) {
                searches.change(handle, search.id(), now);
                trials.set(i, now);
            }
            if (now.state() == State.PRUNED && isUnderWay(known, now)) {
                after.stopped.add(now.job());
            }
        }
        long active = trials.stream()
                .filter(trial -> trial.state() == State.RUNNING || isUnderWay(known, trial))
                .count();
        while (active < search.request().parallel() && mayOrder(search, trials, known)) {
            StoredTrial next = order(handle, search, trials);
            trials.add(next);
            known.put(next.job(), jobs.find(handle, next.job()).orElseThrow());
            after.ordered.add(next.job());
            active++;
        }
        if (active == 0) {
            finish(handle, search, trials);
        }
        return after;
    }

    private static boolean isUnderWay(Map<String, Job> known, StoredTrial trial) {
        Job job = known.get(trial.job());
        return job != null && !job.status().isEnd();
    }

    /** The validation losses of a job so far, in the order of its evaluations. */
    private List<Double> losses(Handle handle, String job) {
        return jobs.checkpoints(handle, job).stream()
                .map(checkpoint -> checkpoint.metrics().path("full_valid_loss"))
                .filter(JsonNode::isNumber)
                .map(JsonNode::doubleValue)
                .toList();
    }

    private static StoredTrial look(
            Search search, StoredTrial trial, Map<String, Job> known, Map<Integer, List<Double>> losses) {
        Job job = known.get(trial.job());
        if (trial.state() != State.RUNNING || job == null) {
            return trial;
        }
        List<Double> own = losses.getOrDefault(trial.number(), List.of());
        Optional<Double> lowest = own.stream().min(Comparator.naturalOrder());
        return switch (job.status()) {
            case SUCCEEDED ->
                lowest.map(loss -> trial.now(State.DONE, loss, own.size()))
                        .orElseGet(() -> trial.now(State.FAILED, null, 0));
            case FAILED -> trial.now(State.FAILED, null, own.size());
            // By its people.
            case CANCELLED ->
                own.isEmpty()
                        ? trial.now(State.FAILED, null, 0)
                        : trial.now(State.PRUNED, own.get(own.size() - 1), own.size());
            default -> search.request().pruning() ? compare(trial, own, losses) : trial;
        };
    }

    private static StoredTrial compare(StoredTrial trial, List<Double> own, Map<Integer, List<Double>> losses) {
        for (int evaluation = trial.looked() + 1; evaluation <= own.size(); evaluation++) {
            int place = evaluation - 1;
            if (SuccessiveHalving.isRung(evaluation)) {
                List<Double> others = losses.entrySet().stream()
                        .filter(of ->
                                of.getKey() != trial.number() && of.getValue().size() > place)
                        .map(of -> of.getValue().get(place))
                        .toList();
                if (!SuccessiveHalving.goesOn(own.get(place), others)) {
                    return trial.now(State.PRUNED, own.get(place), evaluation);
                }
            }
        }
        return own.size() == trial.looked() ? trial : trial.now(State.RUNNING, null, own.size());
    }

    private static boolean mayOrder(Search search, List<StoredTrial> trials, Map<String, Job> known) {
        Long bound = search.request().maxTrainedTokens();
        long trained = known.values().stream()
                .mapToLong(job -> job.facts().path(Facts.TRAINED_TOKENS).asLong())
                .sum();
        return trials.size() < search.request().trials() && (bound == null || trained < bound);
    }

    private StoredTrial order(Handle handle, Search search, List<StoredTrial> trials) {
        SearchRequest request = search.request();
        Map<String, Double> values = request.algorithm()
                .sampler()
                .propose(
                        request.space(), trials.stream().map(StoredTrial::trial).toList(), request.seed());
        Job job = jobs.create(handle, search.project(), search.owner(), request.with(values), Actor.system());
        StoredTrial trial = new StoredTrial(trials.size(), job.id(), values, State.RUNNING, null, 0);
        searches.add(handle, search.id(), trial);
        return trial;
    }

    private void finish(Handle handle, Search search, List<StoredTrial> trials) {
        Optional<StoredTrial> best = best(trials);
        searches.end(
                handle,
                search.id(),
                best.isPresent() ? Status.SUCCEEDED : Status.FAILED,
                best.map(StoredTrial::number).orElse(null),
                Actor.system());
    }

    /** The one with the lowest loss of those that came to their end. */
    public static Optional<StoredTrial> best(List<StoredTrial> trials) {
        return trials.stream()
                .filter(trial -> trial.state() == State.DONE && trial.loss() != null)
                .min(Comparator.comparingDouble(trial -> trial.trial().loss().orElseThrow()));
    }

    private void stop(String job) {
        try {
            jobs.cancel(job, Actor.system());
        } catch (FactoryException e) {
            if (e.code() != ErrorCode.CONFLICT) {
                throw e;
            }
        }
    }

    /** Stops what still runs of an ended search, and removes the adapters of all trials but the best. */
    private void clean(String id) {
        Search search = searches.find(id).orElseThrow();
        List<StoredTrial> trials = searches.trials(id);
        boolean quiet = true;
        for (StoredTrial trial : trials) {
            Job job = jobs.find(trial.job()).orElseThrow();
            if (!job.status().isEnd()) {
                stop(job.id());
                quiet = false;
            } else if (job.holder() != null) {
                quiet = false;
            }
        }
        if (!quiet) {
            return;
        }
        if (search.status() != Status.CANCELLED && !search.request().keepAll()) {
            removeLosers(search, trials);
        }
        searches.cleaned(id);
    }

    private void removeLosers(Search search, List<StoredTrial> trials) {
        Set<String> losers = trials.stream()
                .filter(trial -> !Integer.valueOf(trial.number()).equals(search.best()))
                .map(trial -> jobs.find(trial.job()).orElseThrow().name().id())
                .collect(Collectors.toSet());
        for (AdapterInfo adapter : registry.list()) {
            boolean lost = adapter.project().equals(search.project())
                    && adapter.owner().equals(search.owner())
                    && FineTunedName.of(adapter)
                            .filter(name -> losers.contains(name.id()))
                            .isPresent();
            if (lost) {
                registry.remove(adapter.id());
            }
        }
    }
}
