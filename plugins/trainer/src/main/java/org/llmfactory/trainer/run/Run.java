package org.llmfactory.trainer.run;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.training.Checkpoint;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.api.training.StepReport;
import org.llmfactory.api.training.TrainingEnd;
import org.llmfactory.api.training.TrainingListener;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.api.training.TrainingPlan;
import org.llmfactory.api.training.TrainingRun;
import org.llmfactory.trainer.compute.Figures;
import org.llmfactory.trainer.compute.Part;
import org.llmfactory.trainer.compute.Sequence;
import org.llmfactory.trainer.compute.TrainableAdapter;
import org.llmfactory.trainer.data.Example;

/**
 * One order on its way: knows what its next step takes, and what follows from what was found. All but {@link #halt} is
 * called by the thread of its {@link Cohort}.
 */
final class Run implements TrainingRun, AutoCloseable {
    private final TrainingOrder order;
    private final TrainingListener listener;
    private final Data data;
    private final Objective objective;
    private final Objective validationObjective;
    private final TrainableAdapter adapter;
    private final StateStore states;
    private final Course course;
    private final LearningRate rate;

    private Progress progress;
    private @Nullable StepReport last;
    private List<Integer> places = List.of();
    private List<Example> batch = List.of();
    private volatile boolean halted;

    Run(
            TrainingOrder order,
            TrainingListener listener,
            Data data,
            Objective objective,
            Objective validationObjective,
            TrainableAdapter adapter,
            StateStore states,
            Progress progress) {
        this.order = order;
        this.listener = listener;
        this.data = data;
        this.objective = objective;
        this.validationObjective = validationObjective;
        this.adapter = adapter;
        this.states = states;
        this.progress = progress;
        this.course = new Course(order.hyperparameters(), data.training().size());
        this.rate = new LearningRate(order.hyperparameters(), course.steps());
    }

    TrainingListener listener() {
        return listener;
    }

    String job() {
        return order.job();
    }

    void announce() {
        listener.planned(new TrainingPlan(
                course.steps(), progress.step() + 1, data.training().size(), data.tokens(), data.cut()));
        // It may have been stored just before the run was interrupted, and told to nobody.
        progress.checkpoint().ifPresent(listener::saved);
    }

    /** Whether all steps are done, as when it was interrupted between its last step and the end. */
    boolean isDone() {
        return progress.step() >= course.steps();
    }

    @Override
    public void halt() {
        halted = true;
    }

    /** Forgets a gradient that was begun. */
    void forget() {
        adapter.forget();
    }

    /** Chooses the examples of the next step. */
    void begin() {
        places = course.batch(progress.step() + 1);
        batch = places.stream().map(data.training()::get).toList();
    }

    boolean needsFigures() {
        return objective.needsFigures();
    }

    /** The chosen examples, unweighted. */
    Part question() {
        return unweighted(batch);
    }

    /** The chosen examples, weighted for the gradient. */
    Part part(List<Figures> before) {
        return new Part(adapter, sequences(batch), objective.shares(batch, places, before), seed(progress.step() + 1));
    }

    private Part unweighted(List<Example> examples) {
        return Part.of(adapter, sequences(examples));
    }

    /** Decides over the inputs that a step drops. */
    private int seed(int step) {
        return new SplittableRandom(order.hyperparameters().seed() + step).nextInt();
    }

    private static List<Sequence> sequences(List<Example> examples) {
        return examples.stream()
                .flatMap(example -> example.sequences().stream())
                .toList();
    }

    /**
     * Steps with the gradient that has been collected.
     *
     * @throws FactoryException {@code INVALID_VALUE} when training has broken down
     */
    void step(List<Figures> figures) {
        Hyperparameters how = order.hyperparameters();
        int step = progress.step() + 1;
        Objective.Outcome outcome = objective.outcome(batch, places, figures);
        double norm = adapter.step(step, rate.at(step), how.weightDecay(), how.maxGradientNorm());
        if (!Double.isFinite(norm) || !Double.isFinite(outcome.loss())) {
            throw new FactoryException(
                    ErrorCode.INVALID_VALUE,
                    "training broke down at step " + step + ": the loss is not a number any more. A lower learning rate"
                            + " than " + how.learningRate() + " may help.");
        }
        long tokens = batch.stream().mapToLong(Example::tokens).sum();
        StepReport report = new StepReport(
                step, outcome.loss(), outcome.accuracy(), rate.at(step), norm, progress.trainedTokens() + tokens);
        progress = progress.after(report);
        last = report;
        listener.stepped(report);
    }

    /** Whether an evaluation and a checkpoint are due. */
    boolean isEvaluationDue() {
        return course.isEvaluatedAfter(progress.step());
    }

    List<Example> validation() {
        return data.validation();
    }

    Part question(List<Example> examples) {
        return unweighted(examples);
    }

    Objective validationObjective() {
        return validationObjective;
    }

    /**
     * Stores a checkpoint and the state.
     *
     * @param outcome over the validation data; empty without any
     */
    void save(Optional<Objective.Outcome> outcome) throws IOException {
        StepReport report = Objects.requireNonNull(last, "a checkpoint before the first step");
        String prefix = states.saveCheckpoint(progress.step(), adapter.files(order.baseModel()));
        Checkpoint checkpoint = new Checkpoint(
                progress.step(),
                prefix,
                report,
                outcome.map(found -> new Checkpoint.Evaluation(found.loss(), found.accuracy())));
        progress = progress.saved(checkpoint);
        states.save(progress, adapter.state());
        listener.saved(checkpoint);
    }

    /** The end, if it has come. */
    Optional<TrainingEnd> end() throws IOException {
        if (isDone()) {
            return Optional.of(TrainingEnd.COMPLETED);
        }
        int patience = order.hyperparameters().patience();
        if (patience > 0 && progress.worse() >= patience) {
            return Optional.of(TrainingEnd.STOPPED_EARLY);
        }
        if (halted) {
            if (progress.step() > 0) {
                states.save(progress, adapter.state());
            }
            return Optional.of(TrainingEnd.HALTED);
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        adapter.close();
    }
}
