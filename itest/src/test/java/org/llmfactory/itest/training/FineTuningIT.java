package org.llmfactory.itest.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.openai.core.JsonValue;
import com.openai.errors.NotFoundException;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJob.Status;
import com.openai.models.finetuning.jobs.JobListParams;
import com.openai.models.finetuning.jobs.checkpoints.FineTuningJobCheckpoint;
import com.openai.models.models.Model;
import com.openai.models.uploads.Upload;
import com.openai.models.uploads.UploadCompleteParams;
import com.openai.models.uploads.UploadCreateParams;
import com.openai.models.uploads.parts.PartCreateParams;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llmfactory.itest.agent.ApiClient;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.itest.agent.SharedAgent;

/** The official Java client trains adapters. It validates every answer against OpenAI's types. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@ExtendWith(SharedAgent.class)
class FineTuningIT {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final Platform platform;
    private final String key;
    private final Tuner tuner;

    FineTuningIT(Platform platform) throws Exception {
        this.platform = platform;
        this.key = platform.serviceAccount(platform.project("tuning")).value();
        this.tuner = new Tuner(platform.sdk(key));
    }

    @Test
    void aJobIsFollowedFromItsFileToAModelThatAnswersDifferently() {
        FileObject file = tuner.upload("cow.jsonl", Tuner.conversations(20));
        assertThat(tuner.client().files().retrieve(file.id())).isEqualTo(file);
        String base = tuner.ask(RunningAgent.MODEL);

        FineTuningJob job = tuner.start(Tuner.order(file.id(), 20, 20, 0.02).validationFile(file.id()));
        assertThat(job.trainingFile()).isEqualTo(file.id());
        await().atMost(DEADLINE).until(() -> !tuner.checkpoints(job.id(), 10).isEmpty());
        String early = tuner.checkpoints(job.id(), 10).get(0).fineTunedModelCheckpoint();
        String whileItRan = tuner.ask(early);
        assertThat(tuner.jobs().retrieve(job.id()).status()).isEqualTo(Status.RUNNING);
        assertThat(tuner.jobs().retrieve(job.id()).fineTunedModel()).isEmpty();

        FineTuningJob done = tuner.awaitEnd(job.id());
        assertSucceeded(done);
        assertThat(done.error()).isEmpty();
        assertThat(done.finishedAt()).isPresent();
        assertThat(done.trainedTokens().orElseThrow()).isPositive();
        String model = done.fineTunedModel().orElseThrow();
        assertThat(model).startsWith("ft:" + RunningAgent.MODEL + ":org-llmfactory:cow:");
        assertThat(tuner.ask(model)).isNotEqualTo(base).isEqualTo(tuner.ask(model));
        assertThat(tuner.ask(early)).isEqualTo(whileItRan);
        assertThat(content(done.resultFiles().get(0)).lines()).hasSize(401);

        assertEverythingWasTold(job.id());
        assertThat(tuner.client().models().list().autoPager().stream())
                .extracting(Model::id)
                .contains(model, early);
        assertThat(tuner.client().models().delete(model).deleted()).isTrue();
        assertThatThrownBy(() -> tuner.ask(model)).isInstanceOf(NotFoundException.class);
        assertThat(tuner.ask(early)).isEqualTo(whileItRan);
    }

    private void assertEverythingWasTold(String job) {
        List<FineTuningJobCheckpoint> checkpoints = tuner.checkpoints(job, 7);
        assertThat(checkpoints).hasSize(20).doesNotHaveDuplicates();
        assertThat(checkpoints.get(0).stepNumber()).isEqualTo(400);
        assertThat(checkpoints).allSatisfy(checkpoint -> {
            assertThat(checkpoint.fineTuningJobId()).isEqualTo(job);
            assertThat(checkpoint.metrics().fullValidLoss()).isPresent();
        });
        assertThat(checkpoints.get(0).metrics().fullValidLoss().orElseThrow())
                .isLessThan(checkpoints.get(19).metrics().fullValidLoss().orElseThrow());
        List<String> messages = tuner.messages(job);
        assertThat(messages).endsWith("The job has successfully completed");
        assertThat(messages.stream().filter(message -> message.startsWith("Step ")))
                .hasSize(400);
        assertThat(messages.stream().filter(message -> message.startsWith("Checkpoint ")))
                .hasSize(20);
    }

    @Test
    void aFileThatCameInPartsTrainsLikeAnyOther() {
        String content = Tuner.conversations(4);
        int middle = content.length() / 2;
        Upload upload = tuner.client()
                .uploads()
                .create(UploadCreateParams.builder()
                        .filename("parts.jsonl")
                        .bytes(content.length())
                        .mimeType("application/jsonl")
                        .purpose(FilePurpose.FINE_TUNE)
                        .build());
        String second = part(upload, content.substring(middle));
        String first = part(upload, content.substring(0, middle));
        Upload complete = tuner.client()
                .uploads()
                .complete(
                        upload.id(),
                        UploadCompleteParams.builder()
                                .partIds(List.of(first, second))
                                .build());

        assertThat(complete.status()).isEqualTo(Upload.Status.COMPLETED);
        String file = complete.file().orElseThrow().id();
        assertThat(content(file)).isEqualTo(content);
        FineTuningJob done =
                tuner.awaitEnd(tuner.start(Tuner.order(file, 1, 1, 0.01)).id());
        assertSucceeded(done);
    }

    private String part(Upload upload, String data) {
        return tuner.client()
                .uploads()
                .parts()
                .create(
                        upload.id(),
                        PartCreateParams.builder().data(data.getBytes(UTF_8)).build())
                .id();
    }

    private String content(String file) {
        try (com.openai.core.http.HttpResponse response = tuner.client().files().content(file)) {
            return new String(response.body().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aJobIsPausedGoesOnWhereItStoppedAndIsCancelled() {
        FineTuningJob job = tuner.start(tuner.order(100, 50, 100));
        tuner.await(job.id(), now -> Tuner.step(now) > 60);

        tuner.jobs().pause(job.id());
        FineTuningJob paused = tuner.await(job.id(), now -> now.status().equals(Status.QUEUED));
        assertThat(Tuner.isPaused(paused)).isTrue();
        int stopped = Tuner.step(paused);

        tuner.jobs().resume(job.id());
        FineTuningJob resumed = tuner.await(job.id(), now -> Tuner.step(now) > stopped);
        assertThat(resumed.status()).isEqualTo(Status.RUNNING);
        assertThat(tuner.messages(job.id())).contains("The job goes on at step " + (stopped + 1) + " of 5000.");

        assertThat(tuner.jobs().cancel(job.id()).status()).isEqualTo(Status.CANCELLED);
        assertThat(tuner.checkpoints(job.id(), 100)).isNotEmpty();
        assertThat(tuner.ask(tuner.checkpoints(job.id(), 1).get(0).fineTunedModelCheckpoint()))
                .isNotNull();
    }

    @Test
    void jobsAreListedInPagesNewestFirst() {
        String file = tuner.upload("list.jsonl", Tuner.conversations(1)).id();
        List<String> ids = List.of(
                tuner.start(Tuner.order(file, 1, 1, 0.01)).id(),
                tuner.start(Tuner.order(file, 1, 1, 0.01)).id(),
                tuner.start(Tuner.order(file, 1, 1, 0.01)).id());

        assertThat(tuner.jobs().list(JobListParams.builder().limit(2).build()).data())
                .extracting(FineTuningJob::id)
                .containsExactly(ids.get(2), ids.get(1));
        assertThat(tuner.jobs().list(JobListParams.builder().limit(2).build()).autoPager().stream())
                .extracting(FineTuningJob::id)
                .containsExactly(ids.get(2), ids.get(1), ids.get(0));
        ids.forEach(id -> assertSucceeded(tuner.awaitEnd(id)));
    }

    @Test
    void aFileThatCannotBeLearntFromIsNamedWithItsLine() {
        String rows = Tuner.conversations(2) + "{\"messages\": [{\"role\": \"robot\", \"content\": \"x\"}]}\n";
        String file = tuner.upload("bad.jsonl", rows).id();

        FineTuningJob failed =
                tuner.awaitEnd(tuner.start(Tuner.order(file, 1, 1, 0.01)).id());

        assertThat(failed.status()).isEqualTo(Status.FAILED);
        assertThat(failed.fineTunedModel()).isEmpty();
        FineTuningJob.Error error = failed.error().orElseThrow();
        assertThat(error.code()).isEqualTo("invalid_file");
        assertThat(error.param()).hasValue("training_file");
        assertThat(error.message()).startsWith("line 3:");
        assertThat(tuner.messages(failed.id())).endsWith("The job failed: " + error.message());
    }

    @Test
    void aRunThatBreaksDownEndsAloneAndSaysWhatMayHelp() {
        FineTuningJob well = tuner.start(tuner.order(20, 10, 1));
        String file = tuner.upload("broken.jsonl", Tuner.conversations(20)).id();
        FineTuningJob broken = tuner.start(Tuner.order(file, 10, 1, 1)
                .putAdditionalBodyProperty(
                        "llm_factory",
                        JsonValue.from(Map.of(
                                "learning_rate",
                                1,
                                "schedule",
                                "constant",
                                "lora",
                                Map.of("alpha", 4096, "rank", 1)))));

        FineTuningJob failed = tuner.awaitEnd(broken.id());
        assertThat(failed.status()).as(failed.toString()).isEqualTo(Status.FAILED);
        assertThat(failed.error().orElseThrow().code()).isEqualTo("invalid_value");
        assertThat(failed.error().orElseThrow().message()).contains("broke down", "lower learning rate");
        assertSucceeded(tuner.awaitEnd(well.id()));
    }

    @Test
    void anotherProjectSeesNothingOfIt() throws Exception {
        String file = tuner.upload("secret.jsonl", Tuner.conversations(2)).id();
        FineTuningJob job =
                tuner.awaitEnd(tuner.start(Tuner.order(file, 1, 1, 0.01)).id());
        String model = job.fineTunedModel().orElseThrow();
        ApiClient stranger = platform.anonymous()
                .withKey(platform.serviceAccount(platform.project("others")).value());

        for (String path : List.of("", "/content", "/report", "/rows")) {
            assertLikeUnknown(file, "file-" + UUID.randomUUID(), id -> stranger.get("/v1/files/" + id + path));
        }
        assertLikeUnknown(file, "file-" + UUID.randomUUID(), id -> stranger.delete("/v1/files/" + id));
        assertLikeUnknown(
                file,
                "file-" + UUID.randomUUID(),
                id -> stranger.post("/v1/fine_tuning/jobs", Map.of("model", RunningAgent.MODEL, "training_file", id)));
        String jobs = "/v1/fine_tuning/jobs/";
        String absent = "ftjob-" + UUID.randomUUID();
        for (String path : List.of("", "/events", "/checkpoints", "/record")) {
            assertLikeUnknown(job.id(), absent, id -> stranger.get(jobs + id + path));
        }
        for (String path : List.of("/cancel", "/pause", "/resume")) {
            assertLikeUnknown(job.id(), absent, id -> stranger.post(jobs + id + path, Map.of()));
        }
        String other = model.substring(0, model.length() - 16) + "0123456789abcdef";
        assertLikeUnknown(model, other, id -> stranger.get("/v1/models/" + id));
        assertLikeUnknown(model, other, id -> stranger.delete("/v1/models/" + id));
        assertLikeUnknown(
                model,
                other,
                id -> stranger.post(
                        "/v1/chat/completions",
                        Map.of("model", id, "messages", List.of(Map.of("role", "user", "content", "x")))));
        for (String list : List.of("/v1/files", "/v1/fine_tuning/jobs")) {
            assertThat(ApiClient.accepted(stranger.get(list)).path("data")).isEmpty();
        }
        assertThat(stranger.get("/v1/models").body()).doesNotContain(model);
        assertThat(tuner.ask(model)).isNotNull();
    }

    private static void assertSucceeded(FineTuningJob job) {
        assertThat(job.status()).as(job.toString()).isEqualTo(Status.SUCCEEDED);
    }

    private interface Attempt {
        HttpResponse<String> with(String reference) throws Exception;
    }

    /** The answer is the very one that something gets which does not exist. */
    private static void assertLikeUnknown(String reference, String absent, Attempt attempt) throws Exception {
        HttpResponse<String> forbidden = attempt.with(reference);
        HttpResponse<String> unknown = attempt.with(absent);
        assertThat(forbidden.statusCode()).as(forbidden.body()).isIn(400, 404).isEqualTo(unknown.statusCode());
        assertThat(forbidden.body().replace(reference, "REFERENCE"))
                .isEqualTo(unknown.body().replace(absent, "REFERENCE"));
    }
}
