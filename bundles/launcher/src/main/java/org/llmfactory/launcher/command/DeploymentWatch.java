package org.llmfactory.launcher.command;

import static org.llmfactory.launcher.admin.AdminClient.path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.terminal.Terminal;

/** Follows a deployment until there is nothing left to follow, and says what happens on the way. */
final class DeploymentWatch {
    private static final long POLL_MILLIS = 500;

    private final AgentClient client;
    private final Terminal terminal;
    private final Set<String> said = new HashSet<>();

    DeploymentWatch(AgentClient client, Terminal terminal) {
        this.client = client;
        this.terminal = terminal;
    }

    /** Waits until it is deployed or halted, or the time is over; the last that was seen. */
    JsonNode untilSettled(String name, JsonNode first, Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        JsonNode seen = first;
        tell(seen);
        while (!isSettled(seen) && System.nanoTime() < end) {
            Thread.sleep(POLL_MILLIS);
            seen = client.get(path(DeployCommand.PATH, name));
            tell(seen);
        }
        return seen;
    }

    /** Waits until there is no such deployment any more, which is a missing node, or the time is over. */
    JsonNode untilRemoved(String name, JsonNode first, Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        JsonNode seen = first;
        while (!seen.isMissingNode() && System.nanoTime() < end) {
            tell(seen);
            Thread.sleep(POLL_MILLIS);
            seen = find(name);
        }
        return seen;
    }

    private JsonNode find(String name) throws InterruptedException {
        for (JsonNode deployment : client.get(DeployCommand.PATH).path("data")) {
            if (deployment.path("name").asText().equals(name)) {
                return deployment;
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean isSettled(JsonNode deployment) {
        String state = deployment.path("state").asText();
        return state.equals("deployed") || state.equals("halted");
    }

    private void tell(JsonNode deployment) {
        DeploymentText.events(deployment).filter(said::add).forEach(terminal::say);
    }
}
