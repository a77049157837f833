package org.llmfactory.finetuning.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.adapter.AdapterInfo;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.file.FileCatalog;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.training.Checkpoint;
import org.llmfactory.api.training.StepReport;
import org.llmfactory.api.training.Trainer;
import org.llmfactory.api.training.TrainingEnd;
import org.llmfactory.api.training.TrainingListener;
import org.llmfactory.api.training.TrainingPlan;
import org.llmfactory.api.training.TrainingRun;
import org.llmfactory.finetuning.job.Event;
import org.llmfactory.finetuning.job.Facts;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.JobQueue;
import org.llmfactory.finetuning.job.Lease;
import org.llmfactory.finetuning.job.Status;
import org.llmfactory.finetuning.job.StoredCheckpoint;
import org.llmfactory.rest.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One job in work: writes down what the trainer says, for as long as the lease is this worker's. */
final class Run implements TrainingListener {
    private static final Logger LOG = LoggerFactory.getLogger(Run.class);
    private static final int MOST_RETRIES = 3;

    private final Job job;
    private final Lease lease;
    private final Trainer trainer;
    private final Worker worker;
    private final JobQueue queue;
    private volatile boolean halted;
    private volatile @Nullable TrainingRun training;
    private long lastStep;
    private double secondsPerStep;

    Run(JobQueue.Taken taken, Trainer trainer, Worker worker) {
        this.job = taken.job();
        this.lease = taken.lease();
        this.trainer = trainer;
        this.worker = worker;
        this.queue = worker.queue();
    }

    Job job() {
        return job;
    }

    Lease lease() {
        return lease;
    }

    Trainer trainer() {
        return trainer;
    }

    void started(TrainingRun begun) {
        training = begun;
        if (halted) {
            begun.halt();
        }
    }

    /** Asks the trainer to stop; its end follows. */
    void halt() {
        halted = true;
        TrainingRun begun = training;
        if (begun != null) {
            begun.halt();
        }
    }

    @Override
    public void planned(TrainingPlan plan) {
        queue.forgetSteps(lease, plan.firstStep());
        String words = plan.firstStep() == 1
                ? "Fine-tuning job started: " + plan.steps() + " steps over " + plan.examples() + " examples."
                : "The job goes on at step " + plan.firstStep() + " of " + plan.steps() + ".";
        String cut = plan.cutExamples() == 0 ? "" : " " + plan.cutExamples() + " examples were cut at their ends.";
        queue.write(
                lease,
                now -> {
                    now.facts().set(Facts.PLAN, Json.MAPPER.valueToTree(plan));
                    now.facts().put(Facts.STEP, plan.firstStep() - 1);
                    now.facts().set(Facts.ENVIRONMENT, worker.environment());
                },
                Optional.of(Event.info(words + cut)));
        lastStep = System.nanoTime();
    }

    @Override
    public void stepped(StepReport report) {
        long now = System.nanoTime();
        double seconds = (now - lastStep) / (double) TimeUnit.SECONDS.toNanos(1);
        secondsPerStep = secondsPerStep == 0 ? seconds : 0.8 * secondsPerStep + 0.2 * seconds;
        lastStep = now;
        ObjectNode data = Json.MAPPER
                .createObjectNode()
                .put("step", report.step())
                .put("train_loss", report.loss())
                .put("train_mean_token_accuracy", report.accuracy())
                .put("learning_rate", report.learningRate())
                .put("gradient_norm", report.gradientNorm())
                .put("trained_tokens", report.trainedTokens());
        String words = String.format(Locale.ROOT, "Step %d: training loss=%.4f", report.step(), report.loss());
        queue.write(
                lease,
                known -> known.facts()
                        .put(Facts.STEP, report.step())
                        .put(Facts.TRAINED_TOKENS, report.trainedTokens())
                        .put(Facts.SECONDS_PER_STEP, secondsPerStep),
                Optional.of(Event.metrics(report.step(), words, data)));
    }

    @Override
    public void saved(Checkpoint checkpoint) {
        boolean known =
                worker.jobs().checkpoints(job.id()).stream().anyMatch(stored -> stored.step() == checkpoint.step());
        if (known) {
            return;
        }
        AdapterInfo adapter = worker.results().register(job, job.name().atStep(checkpoint.step()), checkpoint.prefix());
        ObjectNode metrics = Json.MAPPER
                .createObjectNode()
                .put("step", checkpoint.step())
                .put("train_loss", checkpoint.training().loss())
                .put("train_mean_token_accuracy", checkpoint.training().accuracy());
        checkpoint
                .validation()
                .ifPresent(measured -> metrics.put("valid_loss", measured.loss())
                        .put("valid_mean_token_accuracy", measured.accuracy())
                        .put("full_valid_loss", measured.loss())
                        .put("full_valid_mean_token_accuracy", measured.accuracy()));
        queue.add(
                lease,
                new StoredCheckpoint(
                        checkpoint.step(), "", 0, adapter.id(), adapter.digest(), checkpoint.prefix(), metrics));
        lastStep = System.nanoTime();
    }

    @Override
    public void ended(TrainingEnd end) {
        finish(() -> {
            if (end == TrainingEnd.HALTED) {
                queue.giveBack(
                        lease, Duration.ZERO, false, Optional.of(Event.info("The work on the job has stopped.")));
            } else {
                complete(end);
            }
        });
    }

    private void complete(TrainingEnd end) {
        List<StoredCheckpoint> checkpoints = worker.jobs().checkpoints(job.id());
        StoredCheckpoint best = (end == TrainingEnd.STOPPED_EARLY
                        ? checkpoints.stream().min(Comparator.comparingDouble(Run::validationLoss))
                        : checkpoints.stream().max(Comparator.comparingInt(StoredCheckpoint::step)))
                .orElseThrow(() -> new FactoryException(ErrorCode.INTERNAL, "The trainer stored no checkpoint."));
        FileCatalog files = worker.files();
        AdapterInfo adapter = worker.results().register(job, job.name(), best.prefix());
        FileInfo curve = worker.results().keepCurve(job, files);
        boolean kept = false;
        try {
            queue.end(
                    lease,
                    Status.SUCCEEDED,
                    now -> {
                        now.facts().putArray(Facts.RESULT_FILES).add(curve.id());
                        now.facts().put(Facts.ADAPTER_DIGEST, adapter.digest());
                    },
                    List.of(
                            Event.info("New fine-tuned model created: "
                                    + job.name().reference()),
                            Event.info("The job has successfully completed")));
            kept = true;
        } finally {
            if (!kept) {
                files.delete(job.project(), curve.id());
            }
        }
    }

    private static double validationLoss(StoredCheckpoint checkpoint) {
        JsonNode loss = checkpoint.metrics().path("full_valid_loss");
        return loss.isNumber() ? loss.doubleValue() : Double.MAX_VALUE;
    }

    @Override
    public void failed(FactoryException failure) {
        finish(() -> fail(failure));
    }

    /** Comes to an end once; a failure to do so is one of the job's own. */
    private void finish(Runnable last) {
        try {
            last.run();
        } catch (Lease.Lost over) {
            LOG.info("{} is not this agent's any more: {}", job.id(), over.getMessage());
        } catch (FactoryException failure) {
            failQuietly(failure);
        } catch (RuntimeException failure) {
            LOG.error("{} cannot be brought to its end", job.id(), failure);
            failQuietly(new FactoryException(ErrorCode.INTERNAL, "The result cannot be kept.", failure));
        } finally {
            worker.finished(this);
        }
    }

    private void failQuietly(FactoryException failure) {
        try {
            fail(failure);
        } catch (RuntimeException later) {
            LOG.warn("{} is left until its lease lapses", job.id(), later);
        }
    }

    private void fail(FactoryException failure) {
        boolean passes = failure.code() == ErrorCode.UNAVAILABLE
                || failure.code() == ErrorCode.INTERNAL
                || failure.code() == ErrorCode.OVERLOADED;
        int attempts = job.attempts();
        if (failure.code() == ErrorCode.OVERLOADED) {
            queue.giveBack(lease, worker.backOff(0), false, Optional.empty());
        } else if (passes && attempts < MOST_RETRIES) {
            queue.giveBack(
                    lease,
                    worker.backOff(attempts),
                    true,
                    Optional.of(Event.warn("The job failed and is tried again: " + failure.getMessage())));
        } else {
            queue.end(
                    lease,
                    Status.FAILED,
                    now -> now.facts().set(Facts.ERROR, JobQueue.error(failure)),
                    List.of(Event.error("The job failed: " + failure.getMessage())));
        }
    }
}
