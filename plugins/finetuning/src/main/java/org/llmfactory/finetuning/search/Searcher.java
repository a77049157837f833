package org.llmfactory.finetuning.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.adapter.AdapterRegistry;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.finetuning.job.Facts;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobStore;
import org.llmfactory.finetuning.job.Status;
import org.llmfactory.finetuning.search.StoredTrial.State;

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
        SearchRequest request = search.request();
        List<Seen> seen = searches.trials(handle, search.id()).stream()
                .map(trial -> Seen.of(trial, jobs, handle))
                .toList();
        Aftermath after = new Aftermath(new ArrayList<>(), new ArrayList<>());
        List<StoredTrial> trials = new ArrayList<>();
        int active = 0;
        long trained = 0;
        for (Seen one : seen) {
            StoredTrial now = one.verdict(request.pruning(), seen);
            trials.add(now);
            if (!now.equals(one.trial())) {
                searches.change(handle, search.id(), now);
            }
            if (now.state() == State.PRUNED && one.isUnderWay()) {
                after.stopped.add(now.job());
            }
            active += now.state() == State.RUNNING || one.isUnderWay() ? 1 : 0;
            trained += one.job().facts().path(Facts.TRAINED_TOKENS).asLong();
        }
        Long bound = request.maxTrainedTokens();
        boolean affordable = bound == null || trained < bound;
        while (affordable && active < request.parallel() && trials.size() < request.trials()) {
            StoredTrial next = order(handle, search, trials);
            trials.add(next);
            after.ordered.add(next.job());
            active++;
        }
        if (active == 0) {
            finish(handle, search, trials);
        }
        return after;
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
        List<Job> losers = trials.stream()
                .filter(trial -> !Integer.valueOf(trial.number()).equals(search.best()))
                .map(trial -> jobs.find(trial.job()).orElseThrow())
                .toList();
        for (AdapterInfo adapter : registry.list()) {
            if (losers.stream().anyMatch(job -> job.made(adapter))) {
                registry.remove(adapter.id());
            }
        }
    }
}
