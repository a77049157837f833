package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.Waiting;
import org.llmfactory.launcher.agent.Agent;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.signing.PluginSigner;
import org.llmfactory.launcher.signing.SigningKey;

/**
 * A controller and the nodes that join it: processes on random ports, with homes of their own that are gone afterwards, also
 * when the program is told to end.
 */
final class TemporaryNetwork implements AutoCloseable {
    /** What the controller is called. */
    static final String CONTROLLER = "platform/controller";

    private static final Duration REPORTING = Duration.ofSeconds(30);
    private static final Duration KEY = Duration.ofDays(1);

    private final Options options;
    private final Path work;
    private final Agent controller;
    private final Map<String, Agent> nodes = new LinkedHashMap<>();
    private final Thread atExit = new Thread(this::clear, "temporary-network-end");
    private boolean cleared;

    private TemporaryNetwork(Options options, Path work) {
        this.options = options;
        this.work = work;
        this.controller = new Agent(options.installation(), work.resolve("controller"));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts the controller. */
    static TemporaryNetwork start(Options options) throws IOException, InterruptedException {
        TemporaryNetwork network = new TemporaryNetwork(options, Files.createTempDirectory("factory-network"));
        try {
            network.start();
            return network;
        } catch (IOException | InterruptedException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    private void start() throws IOException, InterruptedException {
        String broker = Integer.toString(TemporaryAgent.freePort());
        controller.start(
                TemporaryAgent.freePort(),
                "controller",
                Map.of("llmfactory.network.port", broker, "llmfactory.network.name", name(CONTROLLER)));
        // With its first token it founds the network.
        token("none");
        awaitAlive(CONTROLLER);
    }

    /** A node's agent, which does not run yet. */
    Agent node(String name) {
        return new Agent(options.installation(), work.resolve(name));
    }

    /**
     * Starts a node and waits until it reports to the controller.
     *
     * @return its address
     */
    String join(String name, Agent node) throws IOException, InterruptedException {
        nodes.put(name, node);
        node.start(TemporaryAgent.freePort(), "cpu-node", Map.of());
        node.client()
                .post(AgentCommand.MEMBERSHIP, Map.of("url", controller().url(), "token", token(name), "name", name));
        String address = "shared/" + name;
        awaitAlive(address);
        return address;
    }

    private static String name(String address) {
        return address.substring(address.indexOf('/') + 1);
    }

    /** A token for a node of that name. */
    String token(String name) throws InterruptedException {
        return controller()
                .post(AgentCommand.TOKENS, Map.of("kind", "node", "name", name))
                .path("token")
                .asText();
    }

    AgentClient controller() {
        return controller.client();
    }

    /** The controller's process. */
    ProcessHandle controllerProcess() {
        return controller
                .running()
                .flatMap(state -> state.process())
                .orElseThrow(() -> new LauncherException("The controller has ended; its log was " + controller.log()));
    }

    /** Whether a node of that name has joined and was not stopped. */
    boolean has(String name) {
        return nodes.containsKey(name);
    }

    /** Stops a node, which is not needed any more. */
    void stop(String name) throws InterruptedException {
        Agent node = nodes.remove(name);
        if (node != null) {
            node.stop();
        }
    }

    /** A folder for files, gone afterwards. */
    Path work() {
        return work;
    }

    /** Deploys a plugin to all, signed with a key that is made for it. */
    void deploy(Path plugin) throws IOException, InterruptedException {
        Path signer = work.resolve("signer");
        Path signed = work.resolve("signed.jar");
        new PluginSigner(SigningKey.create(signer, "Measurement", KEY)).sign(plugin, signed);
        for (Agent agent : all()) {
            AgentClient client = agent.client();
            client.post(
                    PluginCommand.SIGNERS,
                    "application/x-pem-file",
                    BodyPublishers.ofFile(signer.resolve(SigningKey.CERTIFICATE)));
            client.post(PluginCommand.PATH, PluginCommand.JAVA_ARCHIVE, BodyPublishers.ofFile(signed));
        }
    }

    private List<Agent> all() {
        List<Agent> all = new ArrayList<>(nodes.values());
        all.add(controller);
        return all;
    }

    private void awaitAlive(String address) throws InterruptedException {
        Waiting.until(
                REPORTING,
                () -> isAlive(address),
                () -> address + " did not report to the controller within " + REPORTING.toSeconds() + " seconds.");
    }

    private boolean isAlive(String address) throws InterruptedException {
        for (JsonNode agent : controller().get("/admin/agents?alive=true").path("data")) {
            if (agent.path("address").asText().equals(address)) {
                return true;
            }
        }
        return false;
    }

    /** Stops all and deletes their homes. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // Then the program ends, and clears at its end.
            return;
        }
        clear();
    }

    private synchronized void clear() {
        if (cleared) {
            return;
        }
        cleared = true;
        try {
            stopAll(all());
            TemporaryAgent.delete(work);
        } catch (IOException e) {
            throw new LauncherException("The temporary folder " + work + " cannot be deleted.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stopAll(List<Agent> agents) throws InterruptedException {
        LauncherException failure = null;
        for (Agent agent : agents) {
            try {
                agent.stop();
            } catch (LauncherException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
