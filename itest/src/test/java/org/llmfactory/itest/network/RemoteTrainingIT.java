package org.llmfactory.itest.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.openai.client.okhttp.OpenAIOkHttpClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.llmfactory.itest.training.LongJob;
import org.llmfactory.itest.training.Tuner;

/** A controller that cannot compute, and a node that trains for it. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RemoteTrainingIT {
    private static final String NODE = "shared/node-1";
    private static final Duration DEADLINE = Duration.ofMinutes(1);
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
    void aNodeTrainsAndKeepsNothing() {
        LongJob.order(tuner).assertComplete();

        LongJob.awaitNoFile(node.home().resolve("objects"), "/projects/");
        LongJob.awaitNoFile(controller.home().resolve("objects"), "/training/");
    }

    @Test
    void aJobWhoseNodeIsKilledGoesOnWhenItIsBack() throws Exception {
        LongJob job = LongJob.order(tuner).underWay();

        node.kill();
        node.ensureUp("cpu-node");

        job.assertComplete();
        assertThat(tuner.messages(job.id())).anyMatch(message -> message.startsWith("The job goes on at step "));
    }
}
