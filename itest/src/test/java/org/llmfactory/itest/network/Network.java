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
        up(node, "cpu-node", name, token);
    }

    /** Starts a controller of a region of its own, which joins. */
    void joinRegion(Machine region, String name) throws IOException, InterruptedException {
        up(region.opensNetwork(name), "controller", name, "--kind", "controller");
    }

    private void up(Machine machine, String feature, String name, String... options)
            throws IOException, InterruptedException {
        machine.succeed(
                "up", "--feature", feature, "--join", controller.url(), "--token", token(options), "--name", name);
    }

    /** A token, made with these options. */
    String token(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("agent", "token"));
        command.addAll(List.of(options));
        return controller.lastLine(command.toArray(String[]::new));
    }

    void awaitAlive(String address) {
        await(address + " alive").atMost(SOON).ignoreExceptions().until(() -> isAlive(address));
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

    /** False too where the controller has never heard of it. */
    boolean isAlive(String address) throws IOException, InterruptedException {
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
