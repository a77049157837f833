package org.llmfactory.itest.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.itest.training.LongJob;
import org.llmfactory.itest.training.Tuner;

/** The disk is full in the middle of a job: the job says so and ends right, and nothing else is disturbed. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FullDiskIT {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private Machines machines;
    private Machine machine;

    @RegisterExtension
    final LogsOnFailure logs = new LogsOnFailure(() -> machines);

    @BeforeEach
    void start() throws Exception {
        machines = Machines.create(1);
        machine = machines.get(0).withModel();
    }

    @AfterEach
    void stop() throws Exception {
        machines.close();
    }

    @Test
    void aJobGoesOnWhenThereIsSpaceAgain() throws Exception {
        Path objects = machine.home().resolve("objects");
        Path full = folder.resolve("full");
        machine.preload(
                NativeLibrary.compile("full_disk", folder),
                Map.of("FULL_DISK_FOLDER", objects.toString(), "FULL_DISK_SWITCH", full.toString()));
        Tuner tuner = up();
        String before = tuner.ask(RunningAgent.MODEL);
        LongJob job = LongJob.order(tuner).underWay();

        Files.createFile(full);

        job.awaitWantOfStore();
        assertThat(tuner.ask(RunningAgent.MODEL)).isEqualTo(before);
        job.assertUploadsAreRefused();
        Files.delete(full);
        job.assertComplete();
        LongJob.awaitNoFile(objects, "/training/", "/@incoming/");
    }

    private Tuner up() throws Exception {
        machine.succeed("up");
        machine.succeed("project", "create", "tuning");
        Tuner tuner = new Tuner(OpenAIOkHttpClient.builder()
                .baseUrl(machine.url() + "/v1")
                .apiKey(machine.lastLine("service-account", "create", "tuner", "--project", "tuning"))
                .timeout(DEADLINE)
                .maxRetries(0)
                .build());
        await().atMost(DEADLINE)
                .ignoreExceptions()
                .until(() -> !tuner.ask(RunningAgent.MODEL).isEmpty());
        return tuner;
    }
}
