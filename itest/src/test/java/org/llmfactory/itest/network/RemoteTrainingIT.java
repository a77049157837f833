package org.llmfactory.itest.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJob.Status;
import com.openai.models.finetuning.jobs.checkpoints.FineTuningJobCheckpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.llmfactory.itest.training.Tuner;

/** A controller that cannot compute, and a node that trains for it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RemoteTrainingIT {
    private static final String NODE = "shared/node-1";
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final int CONVERSATIONS = 20;
    private static final int EPOCHS = 10;
    private static final int STEPS = CONVERSATIONS * EPOCHS;
    private static final int CHECKPOINTS = 10;

    private static Machines machines;
    private static Machine controller;
    private static Machine node;
    private static Tuner tuner;

    @RegisterExtension
    static final LogsOnFailure LOGS = new LogsOnFailure(() -> machines);

    @BeforeAll
    static void start() throws Exception {
        machines = Machines.create(2);
        controller = machines.get(0);
        node = machines.get(1).withModel();
        Network network = Network.open(controller.setting("llmfactory.finetuning.leaseSeconds", "4"));
        network.join(node, "node-1");
        network.awaitEngine(NODE);
        await().atMost(DEADLINE)
                .until(() -> network.agent(NODE).path("trainers").size() > 0);
        controller.succeed("project", "create", "tuning");
        tuner = new Tuner(OpenAIOkHttpClient.builder()
                .baseUrl(controller.url() + "/v1")
                .apiKey(controller.lastLine("service-account", "create", "tuner", "--project", "tuning"))
                .timeout(DEADLINE)
                .maxRetries(2)
                .build());
    }

    @AfterAll
    static void stop() throws Exception {
        if (machines != null) {
            machines.close();
        }
    }

    @Test
    void aNodeTrainsAndKeepsNothing() throws Exception {
        FineTuningJob job = tuner.awaitEnd(
                tuner.start(tuner.order(CONVERSATIONS, EPOCHS, CHECKPOINTS)).id());

        assertComplete(job);
        assertThat(tuner.ask(job.fineTunedModel().orElseThrow())).isNotEmpty();
        assertThat(files(node.home().resolve("objects").resolve("projects"))).isEmpty();
        assertThat(files(controller.home().resolve("objects").resolve("projects"))
                        .map(Path::toString))
                .noneMatch(file -> file.contains("/training/"));
    }

    @Test
    void aJobWhoseNodeIsKilledGoesOnWhenItIsBack() throws Exception {
        String id = tuner.start(tuner.order(CONVERSATIONS, EPOCHS, CHECKPOINTS)).id();
        tuner.await(id, now -> Tuner.step(now) > STEPS / 3);

        node.kill();
        node.ensureUp("cpu-node");

        assertComplete(tuner.awaitEnd(id));
        assertThat(tuner.messages(id)).anyMatch(message -> message.startsWith("The job goes on at step "));
    }

    private static void assertComplete(FineTuningJob job) {
        assertThat(job.status()).as(job.toString()).isEqualTo(Status.SUCCEEDED);
        assertThat(tuner.checkpoints(job.id(), 100))
                .extracting(FineTuningJobCheckpoint::stepNumber)
                .containsExactlyElementsOf(LongStream.range(0, CHECKPOINTS)
                        .mapToObj(evaluation -> STEPS * (CHECKPOINTS - evaluation) / CHECKPOINTS)
                        .toList());
        List<String> steps = tuner.messages(job.id()).stream()
                .filter(message -> message.startsWith("Step "))
                .toList();
        assertThat(steps).hasSize(STEPS).doesNotHaveDuplicates();
    }

    private static Stream<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).toList().stream();
        }
    }
}
