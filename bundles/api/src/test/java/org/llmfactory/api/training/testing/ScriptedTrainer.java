package org.llmfactory.api.training.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.storage.ObjectStore;
import org.llmfactory.api.training.Checkpoint;
import org.llmfactory.api.training.StepReport;
import org.llmfactory.api.training.Trainer;
import org.llmfactory.api.training.TrainingEnd;
import org.llmfactory.api.training.TrainingListener;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.api.training.TrainingPlan;
import org.llmfactory.api.training.TrainingRun;
import org.llmfactory.api.training.testing.TrainingScript.Fault;

/**
 * A trainer that obeys a script and computes nothing. It stores small files where a real one stores an adapter, keeps its
 * state at the order's place, and goes on from there. The state is stored after the listener has taken the checkpoint, so
 * that a run which is cut off in between tells of the checkpoint again.
 */
public final class ScriptedTrainer implements Trainer {
    private static final String STATE = "/state";

    private final Set<String> models;
    private final TrainingScript script;
    private final int capacity;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger started = new AtomicInteger();
    private final Set<Scripted> runs = ConcurrentHashMap.newKeySet();

    /** A trainer for base models of these digests. */
    public ScriptedTrainer(Set<String> models, int capacity, TrainingScript script) {
        this.models = Set.copyOf(models);
        this.capacity = capacity;
        this.script = script;
    }

    @Override
    public Set<String> models() {
        return models;
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public TrainingRun start(TrainingOrder order, ObjectStore store, TrainingListener listener) {
        if (running.incrementAndGet() > capacity) {
            running.decrementAndGet();
            throw new FactoryException(ErrorCode.OVERLOADED, "The trainer is full.");
        }
        Scripted run = new Scripted(order, store, listener, started.incrementAndGet());
        runs.add(run);
        Thread thread = new Thread(run, "scripted-trainer-" + order.job());
        thread.setDaemon(true);
        thread.start();
        return run;
    }

    /** How many runs are in progress. */
    public int running() {
        return running.get();
    }

    /** How many runs were begun. */
    public int started() {
        return started.get();
    }

    /** Drops all runs as the death of a process would: nothing is stored and nothing is told any more. */
    public void kill() {
        runs.forEach(run -> run.dead = true);
    }

    private final class Scripted implements TrainingRun, Runnable {
        private final TrainingOrder order;
        private final ObjectStore store;
        private final TrainingListener listener;
        private final int number;
        private volatile boolean halted;
        private volatile boolean dead;

        Scripted(TrainingOrder order, ObjectStore store, TrainingListener listener, int number) {
            this.order = order;
            this.store = store;
            this.listener = listener;
            this.number = number;
        }

        @Override
        public void halt() {
            halted = true;
        }

        @Override
        public void run() {
            try {
                train();
            } catch (FactoryException failure) {
                tellFailure(failure);
            } catch (IOException | RuntimeException failure) {
                tellFailure(new FactoryException(ErrorCode.INTERNAL, "The run failed.", failure));
            } finally {
                runs.remove(this);
                running.decrementAndGet();
            }
        }

        private void tellFailure(FactoryException failure) {
            if (!dead) {
                listener.failed(failure);
            }
        }

        private void train() throws IOException {
            int done = state();
            if (dead) {
                return;
            }
            listener.planned(new TrainingPlan(script.steps(), done + 1, script.examples(), script.examples() * 10L, 0));
            for (int step = done + 1; step <= script.steps(); step++) {
                script.before(step);
                Optional<Fault> fault = script.fault(step, number);
                if (fault.isPresent()) {
                    throw new FactoryException(fault.get().code(), fault.get().message());
                }
                if (dead) {
                    return;
                }
                StepReport report = report(step);
                listener.stepped(report);
                if (step % script.every() == 0 || step == script.steps()) {
                    save(report);
                }
                if (halted && !dead) {
                    putState(step);
                    listener.ended(TrainingEnd.HALTED);
                    return;
                }
            }
            if (!dead) {
                listener.ended(TrainingEnd.COMPLETED);
            }
        }

        private void save(StepReport report) throws IOException {
            if (dead) {
                return;
            }
            String prefix = order.place() + "/checkpoints/" + report.step();
            put(prefix + "/adapter_config.json", "{}");
            put(prefix + "/adapter_model.safetensors", order.job() + " at " + report.step());
            Checkpoint.Evaluation evaluation = new Checkpoint.Evaluation(
                    script.losses().applyAsDouble(order.hyperparameters(), report.step()), report.accuracy() / 2);
            if (dead) {
                return;
            }
            listener.saved(new Checkpoint(
                    report.step(), prefix, report, order.validation().map(any -> evaluation)));
            putState(report.step());
        }

        private int state() throws IOException {
            Optional<InputStream> state = store.open(order.place() + STATE, 0);
            if (state.isEmpty()) {
                return 0;
            }
            try (InputStream in = state.get()) {
                return Integer.parseInt(new String(in.readAllBytes(), UTF_8));
            }
        }

        private void put(String key, String text) throws IOException {
            store.put(key, new ByteArrayInputStream(text.getBytes(UTF_8)));
        }

        private void putState(int step) throws IOException {
            if (!dead) {
                put(order.place() + STATE, Integer.toString(step));
            }
        }
    }

    private static StepReport report(int step) {
        return new StepReport(step, 1.0 / step, 1 - 1.0 / (step + 1), 1e-4, 0.5, step * 10L);
    }
}
