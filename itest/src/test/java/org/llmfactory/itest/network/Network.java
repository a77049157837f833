package org.llmfactory.itest.network;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.llmfactory.itest.agent.ApiClient;

/** The network of one controller, which nodes join. */
record Network(Machine controller) {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Starts a controller with a network. */
    static Network open(Machine controller) throws IOException, InterruptedException {
        controller.opensNetwork("root").succeed("up", "--feature", "controller");
        return new Network(controller);
    }

    /** Starts a node that joins, with a token made with these options. */
    void join(Machine node, String name, String... token) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("agent", "token"));
        command.addAll(List.of(token));
        String[] lines =
                controller.succeed(command.toArray(String[]::new)).strip().split("\n", -1);
        node.succeed(
                "up",
                "--feature",
                "cpu-node",
                "--join",
                controller.url(),
                "--token",
                lines[lines.length - 1],
                "--name",
                name);
    }

    void awaitEngine(String address) {
        await(address + " with an engine")
                .atMost(SOON)
                .ignoreExceptions()
                .until(() -> agent(address).path("alive").asBoolean()
                        && agent(address).path("engines").size() > 0);
    }

    void awaitSilent(String address) {
        await(address + " silent").atMost(SOON).until(() -> !isAlive(address));
    }

    /** Not so too where the controller has never heard of it. */
    private boolean isAlive(String address) throws IOException, InterruptedException {
        HttpResponse<String> answer = controller.administrator().get("/admin/agents/" + address);
        return answer.statusCode() != 404
                && ApiClient.json(answer).path("alive").asBoolean();
    }

    /** What the controller knows of an agent. */
    JsonNode agent(String address) throws IOException, InterruptedException {
        return ApiClient.accepted(controller.administrator().get("/admin/agents/" + address));
    }

    /** The version of a plugin that runs on an agent, as it reports. */
    String version(String address, String plugin) throws IOException, InterruptedException {
        for (JsonNode present : agent(address).path("plugins")) {
            if (present.path("symbolic_name").asText().equals(plugin)) {
                return present.path("version").asText();
            }
        }
        return "";
    }
}
