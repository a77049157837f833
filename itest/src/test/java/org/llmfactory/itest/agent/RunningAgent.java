package org.llmfactory.itest.agent;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.agent.Adapters;
import org.llmfactory.launcher.agent.Agent;
import org.llmfactory.launcher.agent.AgentState;
import org.llmfactory.launcher.agent.Installation;

/** The exported all-in-one agent as a process of its own, with a tiny model, a free port and a home that is thrown away. */
public final class RunningAgent implements AutoCloseable {
    public static final String MODEL = "tiny";

    private static final Duration DEADLINE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(50);

    /** What a plugin answers once it is there. */
    private static final List<String> SERVED = List.of(
            "/v1/organization/projects",
            "/v1/organization/audit_logs",
            "/v1/content_policies",
            "/v1/presets",
            "/v1/adapters",
            "/v1/chat/completions");

    private final Path work;
    private final Agent agent;
    private AgentState state;

    private RunningAgent(Path work, Agent agent, AgentState state) {
        this.work = work;
        this.agent = agent;
        this.state = state;
    }

    public static RunningAgent start() throws IOException, InterruptedException {
        return start(home -> {});
    }

    /**
     * Starts it on a home that has been prepared.
     *
     * @param preparation is given the home before the start
     */
    public static RunningAgent start(Consumer<Path> preparation) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("agent-it");
        Path home = work.resolve("home");
        copy(fixture(), home.resolve("models").resolve(MODEL));
        preparation.accept(home);
        Agent agent = new Agent(Installation.located(), home);
        return new RunningAgent(work, agent, agent.start(freePort(), "all-in-one"));
    }

    public static Path fixture() {
        return Installation.located().root().resolve("bundles/models/src/test/fixtures/smollm2");
    }

    public void addAdapter(String name) throws InterruptedException {
        new Adapters(agent.client()).add(name, MODEL, fixture().resolve(name));
    }

    public Agent agent() {
        return agent;
    }

    public AgentState state() {
        return state;
    }

    public String url() {
        return state.url();
    }

    public String key() throws IOException {
        return Files.readString(agent.administratorKey()).strip();
    }

    /** Waits until the model, the database and every plugin that needs it are there. */
    public void awaitServed() {
        await().atMost(DEADLINE)
                .pollInterval(POLL)
                .ignoreExceptionsInstanceOf(LauncherException.class)
                .until(() -> agent.client().get("/v1/models").path("data").size() > 0);
        for (String path : SERVED) {
            await().atMost(DEADLINE)
                    .pollInterval(POLL)
                    .ignoreExceptionsInstanceOf(LauncherException.class)
                    .until(() -> agent.client().get(path).has("data"));
        }
    }

    /** Ends the process as a power failure would, and starts it again. */
    public void killAndStart() throws Exception {
        ProcessHandle process = state.process().orElseThrow();
        process.destroyForcibly();
        process.onExit().get();
        state = agent.start(state.port(), "all-in-one");
    }

    /** Where a native library lies in the process, one line for each part of it. */
    public List<String> mappings(String library) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + state.pid() + "/maps"))) {
            return lines.filter(line -> line.contains(library)).toList();
        }
    }

    /** Stops the agent and deletes its home; its log stays in {@code target/agents}. */
    @Override
    public void close() throws IOException {
        try {
            agent.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Path kept = Files.createDirectories(Path.of("target", "agents"));
        Files.copy(agent.log(), kept.resolve(work.getFileName() + ".log"), StandardCopyOption.REPLACE_EXISTING);
        for (Path file : tree(work)) {
            Files.delete(file);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }

    private static List<Path> tree(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
