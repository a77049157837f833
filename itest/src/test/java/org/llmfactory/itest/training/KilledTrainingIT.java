package org.llmfactory.itest.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJob.Status;
import com.openai.models.finetuning.jobs.checkpoints.FineTuningJobCheckpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llmfactory.itest.agent.ApiClient;
import org.llmfactory.itest.agent.Platform;
import org.llmfactory.itest.agent.RunningAgent;

/**
 * The process is killed again and again while it trains: every job ends once, with all of its results and nothing else.
 * {@code -Dkills=20} for more than a test has time for.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KilledTrainingIT {
    private static final Duration DEADLINE = Duration.ofMinutes(1);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int JOBS = 3;
    private static final int KILLS = Integer.getInteger("kills", 4);
    private static final int STEPS = 200;
    private static final int CHECKPOINTS = 10;

    @Test
    void everyJobSucceedsOnceThoughTheProcessIsKilled() throws Exception {
        Random random = new Random(20261201);
        try (RunningAgent agent = RunningAgent.start(KilledTrainingIT::prepare)) {
            agent.awaitServed();
            Platform platform = new Platform(agent);
            String project = platform.project("killed");
            String key = platform.serviceAccount(project).value();
            Tuner first = new Tuner(platform.sdk(key));
            List<String> jobs = IntStream.range(0, JOBS)
                    .mapToObj(
                            job -> first.start(first.order(20, 10, CHECKPOINTS)).id())
                    .toList();

            for (int kill = 0; kill < KILLS; kill++) {
                int sooner = JOBS * STEPS * kill / KILLS;
                awaitSteps(new Tuner(platform.sdk(key)), jobs, sooner + random.nextInt(JOBS * STEPS / KILLS));
                agent.killAndStart();
                agent.awaitServed();
            }

            // Another client: the former one has connections to processes that are gone.
            Tuner tuner = new Tuner(platform.sdk(key));
            for (String job : jobs) {
                assertSucceededOnce(tuner, tuner.awaitEnd(job));
            }
            ApiClient holder = platform.anonymous().withKey(key);
            assertThat(data(holder, "/v1/adapters?limit=100")).hasSize(JOBS * (CHECKPOINTS + 1));
            assertThat(data(holder, "/v1/files?purpose=fine-tune-results")).hasSize(JOBS);
            assertThat(data(
                            platform.administrator(),
                            "/v1/organization/audit_logs?event_types%5B%5D=fine_tuning.job.succeeded"
                                    + "&project_ids%5B%5D=" + project))
                    .hasSize(JOBS);
            assertNothingIsLeft(agent.agent().home(), project);
        }
    }

    /** Waits for so many steps of all jobs together. */
    private static void awaitSteps(Tuner tuner, List<String> jobs, int steps) {
        await().atMost(DEADLINE)
                .pollInterval(POLL)
                .until(() -> jobs.stream()
                                .mapToInt(job -> Tuner.step(tuner.jobs().retrieve(job)))
                                .sum()
                        > steps);
    }

    private static void assertSucceededOnce(Tuner tuner, FineTuningJob job) {
        assertThat(job.status()).as(job.toString()).isEqualTo(Status.SUCCEEDED);
        assertThat(job.resultFiles()).hasSize(1);
        assertThat(tuner.checkpoints(job.id(), 100))
                .extracting(FineTuningJobCheckpoint::stepNumber)
                .containsExactlyElementsOf(IntStream.range(0, CHECKPOINTS)
                        .mapToObj(evaluation -> (long) STEPS * (CHECKPOINTS - evaluation) / CHECKPOINTS)
                        .toList());
        List<String> messages = tuner.messages(job.id());
        assertThat(messages.stream()
                        .filter(message -> message.startsWith("Step "))
                        .map(message -> message.substring(0, message.indexOf(':'))))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, STEPS)
                        .mapToObj(step -> "Step " + step)
                        .toList());
        assertThat(messages).containsOnlyOnce("The job has successfully completed");
        assertThat(tuner.ask(job.fineTunedModel().orElseThrow())).isNotNull();
    }

    private static JsonNode data(ApiClient caller, String path) throws Exception {
        return ApiClient.accepted(caller.get(path)).path("data");
    }

    private static void assertNothingIsLeft(Path home, String project) throws IOException {
        Path state =
                home.resolve("objects").resolve("projects").resolve(project).resolve("training");
        await().atMost(DEADLINE)
                .pollInterval(POLL)
                .untilAsserted(() -> assertThat(files(state)).isEmpty());
        assertThat(files(home.resolve("cache").resolve("finetuning"))).isEmpty();
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(folder)) {
            return tree.filter(Files::isRegularFile).toList();
        }
    }

    /** A lease that lapses soon, so that the restarted agent goes on at once. */
    private static void prepare(Path home) {
        try {
            Path properties = home.resolve("agent.properties");
            Files.writeString(properties, "llmfactory.finetuning.leaseSeconds=4\n");
            Files.setPosixFilePermissions(properties, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
