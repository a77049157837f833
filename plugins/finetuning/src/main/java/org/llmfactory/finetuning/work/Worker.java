package org.llmfactory.finetuning.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.api.training.Trainer;
import org.llmfactory.api.training.TrainingData;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.database.ChangeFeed;
import org.llmfactory.finetuning.job.Facts;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobQueue;
import org.llmfactory.finetuning.job.JobStore;
import org.llmfactory.rest.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes jobs and has them done by the trainers that are there. Any number of workers share one database. */
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration STOP = Duration.ofSeconds(15);

    /**
     * How a worker goes about it.
     *
     * @param poll how often it looks for work, besides when it hears of some
     * @param renewal how often leases are renewed
     * @param backOff how long a job waits after its first failure; four times as long after each further one
     * @param patience after what time people are told that no trainer is there
     */
    public record Pace(Duration poll, Duration renewal, Duration backOff, Duration patience) {}

    /** What is there now; it comes and goes. */
    public record Surroundings(
            Supplier<List<Trainer>> trainers, Supplier<Optional<FileCatalog>> files, Supplier<JsonNode> environment) {}

    private final String holder = UUID.randomUUID().toString();
    private final ConcurrentMap<String, Run> runs = new ConcurrentHashMap<>();
    private final ObjectStore store;
    private final JobStore jobs;
    private final JobQueue queue;
    private final Results results;
    private final Validation validation;
    private final Runnable searches;
    private final Surroundings surroundings;
    private final Pace pace;
    private final ScheduledExecutorService looking = executor("llmfactory-finetuning-queue");
    private final ScheduledExecutorService renewing = executor("llmfactory-finetuning-leases");
    private final ChangeFeed.Subscription news;
    private volatile boolean closing;

    Worker(
            ObjectStore store,
            JobStore jobs,
            JobQueue queue,
            Results results,
            Validation validation,
            Runnable searches,
            Surroundings surroundings,
            ChangeFeed changes,
            Pace pace) {
        this.store = store;
        this.jobs = jobs;
        this.queue = queue;
        this.results = results;
        this.validation = validation;
        this.searches = searches;
        this.surroundings = surroundings;
        this.pace = pace;
        this.news = changes.subscribe(JobStore.TOPIC, this::changed);
        Future<?> unused = looking.scheduleWithFixedDelay(
                () -> safely(this::look), 0, pace.poll.toMillis(), TimeUnit.MILLISECONDS);
        Future<?> unusedToo = renewing.scheduleWithFixedDelay(
                () -> safely(this::renew), pace.renewal.toMillis(), pace.renewal.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static ScheduledExecutorService executor(String name) {
        return Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    JobStore jobs() {
        return jobs;
    }

    JobQueue queue() {
        return queue;
    }

    Results results() {
        return results;
    }

    JsonNode environment() {
        return surroundings.environment.get();
    }

    FileCatalog files() {
        return surroundings
                .files
                .get()
                .orElseThrow(() -> new FactoryException(ErrorCode.UNAVAILABLE, "The files are away at present."));
    }

    Duration backOff(int attempts) {
        return pace.backOff.multipliedBy(1L << (2 * attempts));
    }

    /** Something has come: there may be work that can be done now. */
    public void wake() {
        try {
            looking.execute(() -> safely(this::look));
        } catch (RejectedExecutionException closed) {
            LOG.debug("No more work is taken");
        }
    }

    /** A trainer goes away: what it has not brought to an end by now is tried again elsewhere. */
    public void leave(Trainer trainer) {
        runs.values().stream().filter(run -> run.trainer() == trainer).forEach(run -> {
            run.halt();
            run.failed(new FactoryException(ErrorCode.UNAVAILABLE, "The trainer has gone away."));
        });
    }

    void finished(Run run) {
        if (runs.remove(run.job().id(), run)) {
            queue.leave(run.lease());
            wake();
        }
    }

    private void changed(String job) {
        Run run = runs.get(job);
        if (run != null) {
            // Not on the caller's thread: listeners are quick, and the database is asked.
            renewing.execute(() -> safely(() -> keep(run)));
        }
        wake();
    }

    private void renew() {
        runs.values().forEach(this::keep);
    }

    private void keep(Run run) {
        if (!queue.renew(run.lease())) {
            run.halt();
        }
    }

    private void look() {
        surroundings.files.get().ifPresent(validation::run);
        safely(searches);
        queue.lapse();
        sweep();
        Optional<JobQueue.Taken> taken = next();
        while (taken.isPresent()) {
            start(taken.get());
            taken = next();
        }
        queue.tellWaiting(pace.patience, job -> trainers(job).isEmpty());
    }

    private Optional<JobQueue.Taken> next() {
        return closing ? Optional.empty() : queue.take(holder, job -> free(job).isPresent());
    }

    private List<Trainer> trainers(Job job) {
        return surroundings.trainers.get().stream()
                .filter(trainer -> trainer.worksFor(job.project())
                        && trainer.models().contains(job.request().baseDigest()))
                .toList();
    }

    private Optional<Trainer> free(Job job) {
        return runs.containsKey(job.id())
                ? Optional.empty()
                : trainers(job).stream()
                        .filter(trainer -> share(trainer) < 1)
                        .min(Comparator.comparingDouble(this::share));
    }

    /** How much of what a trainer takes at once it has from here. */
    private double share(Trainer trainer) {
        long mine =
                runs.values().stream().filter(run -> run.trainer() == trainer).count();
        return mine / (double) trainer.capacity();
    }

    private void start(JobQueue.Taken taken) {
        Optional<Trainer> trainer = free(taken.job());
        if (trainer.isEmpty()) {
            queue.giveBack(taken.lease(), Duration.ZERO, false, Optional.empty());
            return;
        }
        Run run = new Run(taken, trainer.get(), this);
        runs.put(taken.job().id(), run);
        try {
            run.started(trainer.get().start(order(taken.job()), store, run));
        } catch (FactoryException refusal) {
            run.failed(refusal);
        } catch (RuntimeException failure) {
            run.failed(new FactoryException(ErrorCode.INTERNAL, "The trainer cannot begin.", failure));
        }
    }

    private static TrainingOrder order(Job job) {
        ObjectNode facts = job.facts();
        return new TrainingOrder(
                job.id(),
                job.project(),
                job.request().model(),
                job.request().stage(),
                Json.MAPPER.convertValue(facts.get(Facts.DATA), TrainingData.class),
                Optional.ofNullable(facts.get(Facts.VALIDATION))
                        .map(file -> Json.MAPPER.convertValue(file, TrainingData.class)),
                Json.MAPPER.convertValue(facts.get(Facts.HYPERPARAMETERS), Hyperparameters.class),
                job.place());
    }

    private void sweep() {
        for (Job job : queue.toSweep()) {
            if (!runs.containsKey(job.id())) {
                try {
                    queue.swept(job, results.sweep(job));
                } catch (IOException failure) {
                    LOG.warn("What is left of {} cannot be removed at present", job.id(), failure);
                }
            }
        }
    }

    private static void safely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failure) {
            LOG.warn("The queue of training jobs cannot be worked on at present; it is tried again", failure);
        }
    }

    /** Stops everything that runs, so that other workers can go on with it, and waits for that a bounded time. */
    @Override
    public void close() {
        closing = true;
        news.close();
        looking.shutdown();
        runs.values().forEach(Run::halt);
        long deadline = System.nanoTime() + STOP.toNanos();
        try {
            while (!runs.isEmpty() && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            renewing.shutdownNow();
            if (!looking.awaitTermination(STOP.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("The queue of training jobs is still being worked on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops without a word to anyone, as a process does that is killed. */
    void drop() {
        closing = true;
        news.close();
        looking.shutdownNow();
        renewing.shutdownNow();
        runs.clear();
    }
}
