package org.llmfactory.trainer.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.training.Checkpoint;
import org.llmfactory.api.training.StepReport;
import org.llmfactory.api.training.TrainingEnd;
import org.llmfactory.api.training.TrainingListener;
import org.llmfactory.api.training.TrainingPlan;

/** Keeps what it hears. */
final class Recorder implements TrainingListener {
    final List<TrainingPlan> plans = new ArrayList<>();
    final List<StepReport> steps = new ArrayList<>();
    final List<Checkpoint> checkpoints = new ArrayList<>();
    private final CompletableFuture<TrainingEnd> end = new CompletableFuture<>();
    private final Consumer<StepReport> onStep;

    Recorder() {
        this(report -> {});
    }

    Recorder(Consumer<StepReport> onStep) {
        this.onStep = onStep;
    }

    /** How it ended; waits for it. */
    TrainingEnd end() throws InterruptedException, TimeoutException {
        try {
            return end.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (FactoryException) e.getCause();
        }
    }

    List<Double> losses() {
        return steps.stream().map(StepReport::loss).toList();
    }

    @Override
    public void planned(TrainingPlan plan) {
        plans.add(plan);
    }

    @Override
    public void stepped(StepReport report) {
        steps.add(report);
        onStep.accept(report);
    }

    @Override
    public void saved(Checkpoint checkpoint) {
        checkpoints.add(checkpoint);
    }

    @Override
    public void ended(TrainingEnd how) {
        end.complete(how);
    }

    @Override
    public void failed(FactoryException failure) {
        end.completeExceptionally(failure);
    }
}
