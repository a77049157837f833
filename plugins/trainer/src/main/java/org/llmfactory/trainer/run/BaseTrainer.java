package org.llmfactory.trainer.run;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.training.LoraParameters;
import org.llmfactory.api.training.Stage;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.trainer.compute.Figures;
import org.llmfactory.trainer.compute.Part;
import org.llmfactory.trainer.compute.TrainableAdapter;
import org.llmfactory.trainer.compute.TrainingProgram;
import org.llmfactory.trainer.data.Example;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains on one base model, on a thread of its own: loads the model when the first run comes, takes all runs through their
 * steps together, and lets go of the model when none has come for a while. Safe for use by several threads.
 */
public final class BaseTrainer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BaseTrainer.class);
    private static final LoraParameters NOTHING = new LoraParameters(1, 1, Set.of("nothing"), 0, false, false);

    private final Supplier<TrainingProgram> loader;
    private final int tokensAtOnce;
    private final Duration idle;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    /** A run whose data has been read. */
    private record Arrival(Ticket ticket, Data data) {}

    /**
     * Starts the thread.
     *
     * @param name of the base model
     * @param loader loads it
     * @param tokensAtOnce of one call of the program
     * @param idle how long a model without runs stays loaded
     */
    public BaseTrainer(String name, Supplier<TrainingProgram> loader, int tokensAtOnce, Duration idle) {
        this.loader = loader;
        this.tokensAtOnce = tokensAtOnce;
        this.idle = idle;
        this.thread = new Thread(this::work, "trainer-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins a run; fails it as {@code UNAVAILABLE} when this trainer has been closed. */
    public void begin(Ticket ticket, List<Example> training, List<Example> validation, int cut) {
        arrivals.add(new Arrival(ticket, new Data(training, validation, cut)));
        if (closed) {
            refuseArrivals();
        }
    }

    private void refuseArrivals() {
        List<Arrival> left = new ArrayList<>();
        arrivals.drainTo(left);
        left.forEach(arrival -> arrival.ticket().failed(Failures.stopping()));
    }

    private void work() {
        try {
            while (!closed) {
                Arrival first = arrivals.take();
                trainFrom(first);
            }
        } catch (InterruptedException e) {
            LOG.debug("The trainer ends", e);
        }
        refuseArrivals();
    }

    private void trainFrom(Arrival first) throws InterruptedException {
        try (TrainingProgram program = loader.get()) {
            Cohort cohort = new Cohort(program, tokensAtOnce);
            enter(cohort, program, first);
            try {
                while (!closed) {
                    Arrival next =
                            cohort.isEmpty() ? arrivals.poll(idle.toMillis(), TimeUnit.MILLISECONDS) : arrivals.poll();
                    if (next != null) {
                        enter(cohort, program, next);
                    } else if (cohort.isEmpty()) {
                        return;
                    } else {
                        cohort.round();
                    }
                }
            } finally {
                cohort.failAll(Failures.stopping());
            }
        } catch (RuntimeException e) {
            first.ticket().failed(Failures.of(first.ticket().order().job(), e));
        }
    }

    private void enter(Cohort cohort, TrainingProgram program, Arrival arrival) {
        Ticket ticket = arrival.ticket();
        TrainableAdapter adapter = null;
        try {
            TrainingOrder order = ticket.order();
            StateStore states = new StateStore(ticket.store(), order.place());
            Optional<StateStore.Saved> saved = states.load();
            LoraParameters lora = order.hyperparameters().lora();
            adapter = saved.isPresent()
                    ? TrainableAdapter.restore(program, lora, saved.get().state())
                    : TrainableAdapter.create(
                            program, lora, order.hyperparameters().seed());
            Data data = arrival.data();
            Run run = new Run(
                    order,
                    ticket,
                    data,
                    objective(order, program, cohort, data.training()),
                    objective(order, program, cohort, data.validation()),
                    adapter,
                    states,
                    saved.map(StateStore.Saved::progress).orElse(Progress.START));
            ticket.begin(run);
            cohort.add(run);
        } catch (IOException | RuntimeException e) {
            close(adapter);
            ticket.failed(Failures.of(ticket.order().job(), e));
        }
    }

    private static void close(@Nullable TrainableAdapter adapter) {
        if (adapter != null) {
            adapter.close();
        }
    }

    private static Objective objective(
            TrainingOrder order, TrainingProgram program, Cohort cohort, List<Example> examples) {
        if (order.stage() != Stage.PREFERENCE) {
            return new LikelihoodObjective();
        }
        double[] reference = new double[examples.size()];
        try (TrainableAdapter nothing = TrainableAdapter.create(program, NOTHING, 0)) {
            for (int i = 0; i < reference.length; i++) {
                List<Figures> figures =
                        cohort.evaluate(Part.of(nothing, examples.get(i).sequences()));
                reference[i] = PreferenceObjective.advantage(figures.get(0), figures.get(1));
            }
        }
        return new PreferenceObjective(order.hyperparameters().beta(), reference);
    }

    /** Ends the thread after the step it is in; what still runs fails as {@code UNAVAILABLE} and can go on elsewhere. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.MINUTES.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
