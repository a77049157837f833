package org.llmfactory.trainer.run;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.training.Checkpoint;
import org.llmfactory.api.training.StepReport;
import org.llmfactory.api.training.TrainingEnd;
import org.llmfactory.api.training.TrainingListener;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.api.training.TrainingPlan;
import org.llmfactory.api.training.TrainingRun;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An order that has been taken, from then until its end was told, which happens once. Safe for use by several threads. */
public final class Ticket implements TrainingRun, TrainingListener {
    private static final Logger LOG = LoggerFactory.getLogger(Ticket.class);

    private final TrainingOrder order;
    private final ObjectStore store;
    private final TrainingListener listener;
    private final Consumer<Ticket> onEnd;
    private boolean halted;
    private Optional<Run> run = Optional.empty();
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * @param store what the run reads and writes
     * @param listener hears of the run
     * @param onEnd told of its end before the listener is
     */
    public Ticket(TrainingOrder order, ObjectStore store, TrainingListener listener, Consumer<Ticket> onEnd) {
        this.order = order;
        this.store = store;
        this.listener = listener;
        this.onEnd = onEnd;
    }

    /** What is to be done. */
    public TrainingOrder order() {
        return order;
    }

    /** Where its data is, and its place. */
    public ObjectStore store() {
        return store;
    }

    @Override
    public synchronized void halt() {
        halted = true;
        run.ifPresent(Run::halt);
    }

    /** Whether it was asked to stop. */
    public synchronized boolean isHalted() {
        return halted;
    }

    synchronized void begin(Run begun) {
        run = Optional.of(begun);
        if (halted) {
            begun.halt();
        }
    }

    @Override
    public void planned(TrainingPlan plan) {
        listener.planned(plan);
    }

    @Override
    public void stepped(StepReport report) {
        listener.stepped(report);
    }

    @Override
    public void saved(Checkpoint checkpoint) {
        listener.saved(checkpoint);
    }

    @Override
    public void ended(TrainingEnd end) {
        end(() -> listener.ended(end));
    }

    @Override
    public void failed(FactoryException failure) {
        end(() -> listener.failed(failure));
    }

    private void end(Runnable telling) {
        if (over.compareAndSet(false, true)) {
            onEnd.accept(this);
            try {
                telling.run();
            } catch (RuntimeException e) {
                LOG.warn("The end of {} was heard by nobody", order.job(), e);
            }
        }
    }
}
