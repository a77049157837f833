package org.llmfactory.finetuning.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.training.testing.ScriptedTrainer;
import org.llmfactory.api.training.testing.TrainingScript;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.Status;
import org.llmfactory.finetuning.job.StoredCheckpoint;

/** An agent dies without a word, twenty times, after a random number of steps; the next one takes its jobs over. */
final class KilledWorkerTest {
    private static final int KILLS = 20;
    private static final int STEPS = 40;

    @TempDir
    Path folder;

    @Test
    void everyJobEndsOnceWhateverDies() {
        Random random = new Random(20261201);
        try (TrainingSite site = new TrainingSite(folder)) {
            List<Job> jobs = new ArrayList<>();
            FineTuning observer = site.agent();
            for (int i = 0; i < 3; i++) {
                jobs.add(site.order(observer));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                Semaphore steps = new Semaphore(1 + random.nextInt(6));
                ScriptedTrainer trainer =
                        site.trainer(TrainingScript.of(STEPS, 3).gated(steps));
                FineTuning doomed = site.agent();
                doomed.addTrainer(trainer);
                // All permits are used, so that it dies in the middle of its work.
                await().atMost(TrainingSite.DEADLINE)
                        .until(() -> steps.availablePermits() == 0 || allEnded(observer, jobs));
                doomed.drop();
                trainer.kill();
                steps.release(STEPS * 10);
            }
            observer.addTrainer(site.trainer(TrainingScript.of(STEPS, 3)));

            for (Job job : jobs) {
                Job ended = site.awaitStatus(observer, job.id(), Status.SUCCEEDED);
                assertThat(observer.jobs().checkpoints(job.id()))
                        .extracting(StoredCheckpoint::step)
                        .containsExactly(3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 33, 36, 39, 40);
                assertThat(observer.jobs().events(job.id()).stream()
                                .filter(entered -> entered.event().step() != null)
                                .map(entered -> entered.event().step()))
                        .hasSize(STEPS)
                        .doesNotHaveDuplicates();
                assertThat(ended.facts().path("result_files")).hasSize(1);
            }
            site.awaitClean();
            assertThat(site.adapters()).hasSize(3 * 15).doesNotHaveDuplicates();
            assertThat(site.files.files()).hasSize(3 + 3);
            assertThat(site.store.list("")).hasSize(3 + 3);
            assertThat(site.ledger.types())
                    .filteredOn("fine_tuning.job.succeeded"::equals)
                    .hasSize(3);
        }
    }

    private static boolean allEnded(FineTuning observer, List<Job> jobs) {
        return jobs.stream()
                .allMatch(job -> observer.jobs()
                        .find(job.id())
                        .filter(now -> now.status().isEnd())
                        .isPresent());
    }
}
