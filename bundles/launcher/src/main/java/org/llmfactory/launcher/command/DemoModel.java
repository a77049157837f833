package org.llmfactory.launcher.command;

import java.nio.file.Path;
import java.time.Duration;
import org.llmfactory.launcher.Waiting;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.terminal.Terminal;

/** The model that the demonstration and the measurements use. */
final class DemoModel {
    static final String ID = "SmolLM2-135M-Instruct";

    private static final Duration LOADING = Duration.ofMinutes(3);

    private DemoModel() {}

    /** Its place in the home, fetched when it is not there yet. */
    static Path pulled(Options options, Terminal terminal) throws InterruptedException {
        return new Models(options, terminal).pull(ID);
    }

    /** Waits until the agent has loaded it. */
    static void awaitServed(AgentClient client) throws InterruptedException {
        Waiting.until(
                LOADING,
                () -> isServed(client),
                () -> "The agent did not load " + ID + " within " + LOADING.toSeconds()
                        + " seconds; its log says why.");
    }

    private static boolean isServed(AgentClient client) throws InterruptedException {
        for (var model : client.get("/v1/models").path("data")) {
            if (model.path("id").asText().equals(ID)) {
                return true;
            }
        }
        return false;
    }
}
