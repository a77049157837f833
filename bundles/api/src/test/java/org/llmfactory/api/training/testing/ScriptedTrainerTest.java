package org.llmfactory.api.training.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.storage.testing.InMemoryObjectStore;
import org.llmfactory.api.training.TrainingRun;

final class ScriptedTrainerTest {
    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final Heard heard = new Heard();

    @Test
    void aRunTellsOfItsPlanItsStepsAndItsCheckpoints() throws InterruptedException {
        trainer(TrainingScript.of(3, 2)).start(Heard.order("project"), store, heard);

        assertThat(heard.next(7))
                .containsExactly("planned 1", "step 1", "step 2", "saved 2", "step 3", "saved 3", "COMPLETED");
        assertThat(store.list("runs/1/checkpoints/3")).hasSize(2);
    }

    @Test
    void aHaltedRunGoesOnFromItsState() throws InterruptedException {
        Semaphore gate = new Semaphore(0);
        TrainingRun run = trainer(TrainingScript.of(3, 3).gated(gate)).start(Heard.order("project"), store, heard);
        run.halt();
        gate.release(3);

        assertThat(heard.next(3)).containsExactly("planned 1", "step 1", "HALTED");

        trainer(TrainingScript.of(3, 3)).start(Heard.order("project"), store, heard);
        assertThat(heard.next(5)).containsExactly("planned 2", "step 2", "step 3", "saved 3", "COMPLETED");
    }

    @Test
    void aFaultIsToldOf() throws InterruptedException {
        trainer(TrainingScript.of(3, 3)
                        .failing(new TrainingScript.Fault(2, 1, ErrorCode.INVALID_FILE, "Line 1 is no JSON.")))
                .start(Heard.order("project"), store, heard);

        assertThat(heard.next(3)).containsExactly("planned 1", "step 1", "failed Line 1 is no JSON.");
    }

    @Test
    void aFullTrainerTakesNoMore() {
        ScriptedTrainer trainer = trainer(TrainingScript.of(1, 1).gated(new Semaphore(0)));
        trainer.start(Heard.order("project"), store, heard);

        assertThatThrownBy(() -> trainer.start(Heard.order("project"), store, heard))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    private ScriptedTrainer trainer(TrainingScript script) {
        return new ScriptedTrainer(Set.of("tiny"), 1, script);
    }
}
