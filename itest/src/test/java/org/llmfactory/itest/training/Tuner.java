package org.llmfactory.itest.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.MultipartField;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJob.Status;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import com.openai.models.finetuning.jobs.checkpoints.CheckpointListParams;
import com.openai.models.finetuning.jobs.checkpoints.FineTuningJobCheckpoint;
import com.openai.models.finetuning.methods.SupervisedHyperparameters;
import com.openai.models.finetuning.methods.SupervisedMethod;
import com.openai.services.blocking.finetuning.JobService;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.llmfactory.itest.agent.RunningAgent;

/** Somebody who trains adapters on the tiny model, with the official client of a project's key. */
public record Tuner(OpenAIClient client) {
    static final String QUESTION = "Say something.";

    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Set<Status> ENDS = Set.of(Status.SUCCEEDED, Status.FAILED, Status.CANCELLED);

    /** Conversations with the same answer. */
    public static String conversations(int number) {
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < number; row++) {
            String question = row % 2 == 0 ? QUESTION : "Question " + row;
            rows.append("{\"messages\": [{\"role\": \"user\", \"content\": \"")
                    .append(question)
                    .append("\"}, {\"role\": \"assistant\", \"content\": \"Moo.\"}]}\n");
        }
        return rows.toString();
    }

    public FileObject upload(String filename, String content) {
        return upload(filename, content, FilePurpose.FINE_TUNE);
    }

    public FileObject upload(String filename, String content, FilePurpose purpose) {
        return client.files()
                .create(FileCreateParams.builder()
                        .file(MultipartField.<InputStream>builder()
                                .value(new ByteArrayInputStream(content.getBytes(UTF_8)))
                                .filename(filename)
                                .build())
                        .purpose(purpose)
                        .build());
    }

    /** An order over a new file of conversations, of which each is a step. */
    public JobCreateParams.Builder order(int conversations, int epochs, int evaluations) {
        return order(upload("conversations.jsonl", conversations(conversations)).id(), epochs, evaluations, 0.02);
    }

    public static JobCreateParams.Builder order(String file, int epochs, int evaluations, double learningRate) {
        return JobCreateParams.builder()
                .model(RunningAgent.MODEL)
                .trainingFile(file)
                .suffix("cow")
                .seed(7)
                .method(JobCreateParams.Method.builder()
                        .type(JobCreateParams.Method.Type.SUPERVISED)
                        .supervised(SupervisedMethod.builder()
                                .hyperparameters(SupervisedHyperparameters.builder()
                                        .nEpochs(epochs)
                                        .batchSize(1)
                                        .build())
                                .build())
                        .build())
                .putAdditionalBodyProperty(
                        "llm_factory",
                        JsonValue.from(Map.of(
                                "evaluations", evaluations, "learning_rate", learningRate, "lora", Map.of("rank", 4))));
    }

    public JobService jobs() {
        return client.fineTuning().jobs();
    }

    public FineTuningJob start(JobCreateParams.Builder order) {
        return jobs().create(order.build());
    }

    /** Follows a job until it is as wanted, and not beyond its end. */
    public FineTuningJob await(String job, Predicate<FineTuningJob> wanted) {
        return Awaitility.await()
                .atMost(DEADLINE)
                .pollInterval(POLL)
                .until(() -> jobs().retrieve(job), now -> wanted.test(now) || ENDS.contains(now.status()));
    }

    public FineTuningJob awaitEnd(String job) {
        return await(job, now -> false);
    }

    /** The last step that has been done. */
    public static int step(FineTuningJob job) {
        return extension(job).path("step").asInt();
    }

    public static boolean isPaused(FineTuningJob job) {
        return extension(job).path("paused").asBoolean();
    }

    private static JsonNode extension(FineTuningJob job) {
        return Objects.requireNonNull(job._allProperties().get("llm_factory").convert(JsonNode.class));
    }

    /** Oldest first. */
    public List<FineTuningJobEvent> events(String job) {
        List<FineTuningJobEvent> events = new ArrayList<>(
                jobs().listEvents(job, JobListEventsParams.builder().limit(100).build()).autoPager().stream()
                        .toList());
        Collections.reverse(events);
        return events;
    }

    public List<String> messages(String job) {
        return events(job).stream().map(FineTuningJobEvent::message).toList();
    }

    /** Latest first, in pages of so many. */
    public List<FineTuningJobCheckpoint> checkpoints(String job, int pageSize) {
        return jobs()
                .checkpoints()
                .list(job, CheckpointListParams.builder().limit(pageSize).build())
                .autoPager()
                .stream()
                .toList();
    }

    public String ask(String model) {
        return client.chat()
                .completions()
                .create(ChatCompletionCreateParams.builder()
                        .model(model)
                        .addUserMessage(QUESTION)
                        .maxCompletionTokens(8)
                        .temperature(0)
                        .build())
                .choices()
                .get(0)
                .message()
                .content()
                .orElse("");
    }
}
