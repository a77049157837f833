package org.llmfactory.finetuning.work;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.llmfactory.finetuning.work.TrainingSite.DEADLINE;
import static org.llmfactory.finetuning.work.TrainingSite.messages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.file.FileInfo;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.training.testing.ScriptedTrainer;
import org.llmfactory.api.training.testing.TrainingScript;
import org.llmfactory.api.training.testing.TrainingScript.Fault;
import org.llmfactory.finetuning.job.Facts;
import org.llmfactory.finetuning.job.Job;
import org.llmfactory.finetuning.job.Status;
import org.llmfactory.finetuning.job.StoredCheckpoint;

final class FineTuningTest {
    @TempDir
    Path folder;

    private TrainingSite site;
    private FineTuning agent;

    @BeforeEach
    void start() {
        site = new TrainingSite(folder);
        agent = site.agent();
    }

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void aJobEndsWithAdaptersAndAFileOfFigures() throws IOException {
        agent.addTrainer(site.trainer(TrainingScript.of(4, 2)));

        Job job = site.awaitStatus(agent, site.order(agent).id(), Status.SUCCEEDED);

        String name = job.name().adapterName();
        assertThat(site.adapters()).containsExactly(name, name + "-ckpt-step-2", name + "-ckpt-step-4");
        assertThat(agent.jobs().checkpoints(job.id()))
                .extracting(StoredCheckpoint::step)
                .containsExactly(2, 4);
        assertThat(job.facts().path(Facts.TRAINED_TOKENS).asLong()).isEqualTo(40);
        String file = job.facts().path(Facts.RESULT_FILES).path(0).asText();
        FileInfo curve = site.files.find(job.project(), file).orElseThrow();
        assertThat(curve.purpose()).isEqualTo("fine-tune-results");
        try (InputStream csv = site.store.open(curve.key(), 0).orElseThrow()) {
            assertThat(new String(csv.readAllBytes(), UTF_8).lines())
                    .hasSize(5)
                    .startsWith("step,train_loss,train_mean_token_accuracy,learning_rate,gradient_norm,trained_tokens,"
                            + "full_valid_loss,full_valid_mean_token_accuracy");
        }
        site.awaitClean();
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertThat(site.ledger.types())
                        .containsExactly(
                                "fine_tuning.job.created",
                                "fine_tuning.job.succeeded",
                                "fine_tuning.job.state_removed"));
        assertThat(site.ledger.usage())
                .singleElement()
                .satisfies(usage -> assertThat(usage.usage().inputTokens()).isEqualTo(40));
        assertThat(folder.resolve("agent-0")).isEmptyDirectory();
    }

    @Test
    void copiesThatAKilledProcessLeftAreRemoved() throws IOException {
        Path scratch = folder.resolve("agent-1");
        Files.writeString(Files.createDirectories(scratch.resolve("adapter1")).resolve("adapter_config.json"), "{}");

        FineTuning restarted = site.agent();

        assertThat(restarted.jobs().list(Caller.DEFAULT_PROJECT)).isEmpty();
        assertThat(scratch).doesNotExist();
    }

    @Test
    void whatMayPassIsTriedThreeTimesMore() {
        agent.addTrainer(site.trainer(
                TrainingScript.of(3, 1).failing(new Fault(2, 3, ErrorCode.UNAVAILABLE, "The card is away."))));

        Job job = site.awaitStatus(agent, site.order(agent).id(), Status.SUCCEEDED);

        assertThat(job.attempts()).isEqualTo(3);
        assertThat(messages(agent, job.id()))
                .contains("The job failed and is tried again: The card is away.", "The job goes on at step 2 of 3.");
    }

    @Test
    void whatDoesNotPassEndsTheJob() {
        agent.addTrainer(
                site.trainer(TrainingScript.of(3, 1).failing(new Fault(2, 9, ErrorCode.INTERNAL, "Out of memory."))));

        Job job = site.awaitStatus(agent, site.order(agent).id(), Status.FAILED);

        assertThat(job.attempts()).isEqualTo(3);
        assertThat(job.facts().path(Facts.ERROR).path("message").asText()).isEqualTo("Out of memory.");
        site.awaitClean();
    }

    @Test
    void badDataEndsTheJobAtOnce() {
        agent.addTrainer(site.trainer(
                TrainingScript.of(3, 1).failing(new Fault(1, 9, ErrorCode.INVALID_FILE, "Line 2 is no JSON."))));

        Job job = site.awaitStatus(agent, site.order(agent).id(), Status.FAILED);

        assertThat(job.attempts()).isZero();
        assertThat(job.facts().path(Facts.ERROR).path("code").asText()).isEqualTo("invalid_file");
        assertThat(site.ledger.types()).contains("fine_tuning.job.failed");
    }

    @Test
    void aFileThatIsGoneEndsTheJob() {
        agent.unsetFiles(site.files);
        Job job = site.order(agent);
        site.files.delete(job.project(), job.request().trainingFile());
        agent.setFiles(site.files);

        Job failed = site.awaitStatus(agent, job.id(), Status.FAILED);

        assertThat(failed.facts().path(Facts.ERROR).path("param").asText()).isEqualTo("training_file");
    }

    @Test
    void aPausedJobGoesOnFromItsState() {
        Semaphore gate = new Semaphore(0);
        ScriptedTrainer trainer = site.trainer(TrainingScript.of(4, 4).gated(gate));
        agent.addTrainer(trainer);
        Job job = site.order(agent);
        site.awaitStatus(agent, job.id(), Status.RUNNING);

        agent.jobs().pause(job.id(), Actor.system());
        await().atMost(DEADLINE).until(() -> {
            gate.release();
            return trainer.running() == 0;
        });
        assertThat(site.awaitStatus(agent, job.id(), Status.QUEUED).paused()).isTrue();

        agent.jobs().resume(job.id(), Actor.system());
        gate.release(4);
        site.awaitStatus(agent, job.id(), Status.SUCCEEDED);
        assertThat(messages(agent, job.id()))
                .filteredOn(text -> text.startsWith("Step 1:"))
                .hasSize(1);
    }

    @Test
    void aCancelledJobLeavesNothingButItsCheckpoints() {
        Semaphore gate = new Semaphore(2);
        ScriptedTrainer trainer = site.trainer(TrainingScript.of(9, 2).gated(gate));
        agent.addTrainer(trainer);
        Job job = site.order(agent);
        await().atMost(DEADLINE).until(() -> !agent.jobs().checkpoints(job.id()).isEmpty());

        assertThat(agent.jobs().cancel(job.id(), Actor.system()).status()).isEqualTo(Status.CANCELLED);
        gate.release(1);

        Job cancelled = site.awaitStatus(agent, job.id(), Status.CANCELLED);
        await().atMost(DEADLINE).until(() -> trainer.running() == 0);
        site.awaitClean();
        assertThat(site.adapters()).containsExactly(cancelled.name().atStep(2).adapterName());
        assertThat(site.files.files()).hasSize(1);
    }

    @Test
    void aJobWaitsForATrainer() {
        Job job = site.order(agent);
        site.awaitStatus(agent, job.id(), Status.QUEUED);

        agent.addTrainer(site.trainer(TrainingScript.of(1, 1)));

        site.awaitStatus(agent, job.id(), Status.SUCCEEDED);
    }

    @Test
    void aTrainerThatGoesAwayIsReplaced() {
        ScriptedTrainer first = site.trainer(TrainingScript.of(3, 1).gated(new Semaphore(1)));
        agent.addTrainer(first);
        Job job = site.order(agent);
        await().atMost(DEADLINE).until(() -> !agent.jobs().checkpoints(job.id()).isEmpty());

        first.kill();
        agent.removeTrainer(first);
        agent.addTrainer(site.trainer(TrainingScript.of(3, 1)));

        site.awaitStatus(agent, job.id(), Status.SUCCEEDED);
        assertThat(agent.jobs().checkpoints(job.id())).hasSize(3);
    }

    @Test
    void anAgentThatStopsHandsItsJobsOver() {
        Semaphore gate = new Semaphore(1);
        agent.addTrainer(site.trainer(TrainingScript.of(3, 3).gated(gate)));
        Job job = site.order(agent);
        await().atMost(DEADLINE).until(() -> messages(agent, job.id()).stream().anyMatch(m -> m.startsWith("Step 1:")));
        FineTuning other = site.agent();
        other.addTrainer(site.trainer(TrainingScript.of(3, 3)));

        gate.release(1);
        agent.close();

        site.awaitStatus(other, job.id(), Status.SUCCEEDED);
        assertThat(messages(other, job.id()))
                .filteredOn(text -> text.startsWith("Step "))
                .hasSize(3);
        assertThat(List.copyOf(site.adapters())).hasSize(2);
    }
}
