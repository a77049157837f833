package org.llmfactory.api.training.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.api.training.Checkpoint;
import org.llmfactory.api.training.Hyperparameters;
import org.llmfactory.api.training.LoraParameters;
import org.llmfactory.api.training.Stage;
import org.llmfactory.api.training.StepReport;
import org.llmfactory.api.training.TrainingData;
import org.llmfactory.api.training.TrainingEnd;
import org.llmfactory.api.training.TrainingListener;
import org.llmfactory.api.training.TrainingOrder;
import org.llmfactory.api.training.TrainingPlan;
import org.llmfactory.api.training.TrainingRun;

final class ScriptedTrainerTest {
    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final Heard heard = new Heard();

    @Test
    void aRunTellsOfItsPlanItsStepsAndItsCheckpoints() throws InterruptedException {
        trainer(TrainingScript.of(3, 2)).start(order(), store, heard);

        assertThat(heard.next(7))
                .containsExactly("planned 1", "step 1", "step 2", "saved 2", "step 3", "saved 3", "COMPLETED");
        assertThat(store.list("runs/1/checkpoints/3")).hasSize(2);
    }

    @Test
    void aHaltedRunGoesOnFromItsState() throws InterruptedException {
        Semaphore gate = new Semaphore(0);
        TrainingRun run = trainer(TrainingScript.of(3, 3).gated(gate)).start(order(), store, heard);
        run.halt();
        gate.release(3);

        assertThat(heard.next(3)).containsExactly("planned 1", "step 1", "HALTED");

        trainer(TrainingScript.of(3, 3)).start(order(), store, heard);
        assertThat(heard.next(5)).containsExactly("planned 2", "step 2", "step 3", "saved 3", "COMPLETED");
    }

    @Test
    void aFaultIsToldOf() throws InterruptedException {
        trainer(TrainingScript.of(3, 3)
                        .failing(new TrainingScript.Fault(2, 1, ErrorCode.INVALID_FILE, "Line 1 is no JSON.")))
                .start(order(), store, heard);

        assertThat(heard.next(3)).containsExactly("planned 1", "step 1", "failed Line 1 is no JSON.");
    }

    @Test
    void aFullTrainerTakesNoMore() {
        ScriptedTrainer trainer = trainer(TrainingScript.of(1, 1).gated(new Semaphore(0)));
        trainer.start(order(), store, heard);

        assertThatThrownBy(() -> trainer.start(order(), store, heard))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    private ScriptedTrainer trainer(TrainingScript script) {
        return new ScriptedTrainer(Set.of("tiny"), 1, script);
    }

    private static TrainingOrder order() {
        return new TrainingOrder(
                "job",
                "project",
                "tiny",
                Stage.SUPERVISED,
                new TrainingData("k", "f", "d"),
                Optional.empty(),
                new Hyperparameters(
                        1,
                        1,
                        1e-4,
                        Hyperparameters.Schedule.LINEAR,
                        0,
                        0,
                        1,
                        128,
                        1,
                        1,
                        0,
                        0.1,
                        LoraParameters.defaults()),
                "runs/1");
    }

    private static final class Heard implements TrainingListener {
        private final BlockingQueue<String> words = new LinkedBlockingQueue<>();

        List<String> next(int count) throws InterruptedException {
            List<String> next = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String word = words.poll(10, TimeUnit.SECONDS);
                next.add(word == null ? "nothing" : word);
            }
            return next;
        }

        @Override
        public void planned(TrainingPlan plan) {
            words.add("planned " + plan.firstStep());
        }

        @Override
        public void stepped(StepReport report) {
            words.add("step " + report.step());
        }

        @Override
        public void saved(Checkpoint checkpoint) {
            words.add("saved " + checkpoint.step());
        }

        @Override
        public void ended(TrainingEnd end) {
            words.add(end.name());
        }

        @Override
        public void failed(FactoryException failure) {
            words.add("failed " + failure.getMessage());
        }
    }
}
