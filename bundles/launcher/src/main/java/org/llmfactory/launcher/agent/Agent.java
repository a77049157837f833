package org.llmfactory.launcher.agent;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.llmfactory.launcher.LauncherException;

/** The agent of one home: started in the background, found again, stopped. */
public final class Agent {
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofMinutes(1);
    private static final int LOG_LINES = 15;

    private final Installation installation;
    private final Path home;
    private final List<String> entry;

    public Agent(Installation installation, Path home) {
        this(installation, home, List.of());
    }

    private Agent(Installation installation, Path home, List<String> entry) {
        this.installation = installation;
        this.home = home;
        this.entry = entry;
    }

    /**
     * The same agent, which has only one processor core when it is started; Linux with {@code taskset}.
     *
     * @param core its number, from 0
     */
    public Agent onCore(int core) {
        return new Agent(installation, home, List.of("taskset", "-c", Integer.toString(core)));
    }

    public Path home() {
        return home;
    }

    public Path log() {
        return home.resolve("logs").resolve("agent.log");
    }

    public Path administratorKey() {
        return home.resolve("admin.key");
    }

    /** The running agent; empty when none runs, whatever a killed one left behind. */
    public Optional<AgentState> running() {
        return AgentState.read(home).filter(state -> state.process().isPresent());
    }

    /** The running agent, to be talked to. */
    public AgentClient client() {
        AgentState state = running()
                .orElseThrow(() -> new LauncherException("No agent runs on " + home + ". Start it with: ./factory up"));
        return new AgentClient(state.url(), administratorKey());
    }

    /**
     * Starts the agent and waits until it is healthy. One that runs already is left alone.
     *
     * @return the running agent
     */
    public AgentState start(int port, String feature) throws InterruptedException {
        return start(port, feature, Map.of());
    }

    /**
     * The same with system properties of the agent, which win over those in its {@code agent.properties}.
     *
     * @return the running agent
     */
    public AgentState start(int port, String feature, Map<String, String> properties) throws InterruptedException {
        try {
            Files.createDirectories(log().getParent());
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
            try (FileChannel channel = FileChannel.open(
                            home.resolve("agent.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (!lock.isValid()) {
                    throw new LauncherException("The home " + home + " cannot be locked.");
                }
                Optional<AgentState> running = running();
                return running.isPresent() ? awaitHealthy(running.get()) : launch(port, feature, properties);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Stops the agent: it finishes the step it computes and closes its files.
     *
     * @return false when none ran
     */
    public boolean stop() throws InterruptedException {
        Optional<ProcessHandle> process = running().flatMap(AgentState::process);
        process.ifPresent(ProcessHandle::destroy);
        boolean ended = process.isEmpty() || exits(process.get(), STOP);
        if (!ended) {
            process.get().destroyForcibly();
            if (!exits(process.get(), STOP)) {
                throw new LauncherException(
                        "The agent's process " + process.get().pid() + " does not end.");
            }
        }
        try {
            AgentState.remove(home);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return process.isPresent();
    }

    private AgentState launch(int port, String feature, Map<String, String> properties)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(installation.command(home, port, feature));
        // Behind the program, before its own arguments, of which the last of two wins.
        command.addAll(
                1,
                properties.entrySet().stream()
                        .map(property -> "-D" + property.getKey() + '=' + property.getValue())
                        .toList());
        command.addAll(1, AgentProperties.arguments(home));
        command.addAll(0, entry);
        requireFree(port);
        if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
            // A session of its own: closing the terminal does not reach it.
            command.add(0, "/usr/bin/setsid");
        }
        if (Files.exists(log())) {
            Files.move(log(), log().resolveSibling("agent.previous.log"), StandardCopyOption.REPLACE_EXISTING);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(log().toFile());
        Process process = builder.start();
        long started = process.info()
                .startInstant()
                .orElseThrow(() -> new LauncherException("The agent ended at once." + logTail()))
                .toEpochMilli();
        AgentState state = new AgentState(process.pid(), started, port, feature);
        state.write(home);
        return awaitHealthy(state);
    }

    private AgentState awaitHealthy(AgentState state) throws InterruptedException {
        AgentClient client = new AgentClient(state.url(), administratorKey());
        long end = System.nanoTime() + START.toNanos();
        while (System.nanoTime() < end) {
            if (state.process().isEmpty()) {
                throw new LauncherException("The agent ended while it was starting." + logTail());
            }
            if (client.isHealthy() && Files.exists(administratorKey())) {
                return state;
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new LauncherException("The agent was not healthy after " + START.toSeconds()
                + " seconds; it is left running. Look at " + log() + ", stop it with: ./factory down" + logTail());
    }

    private static void requireFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new LauncherException(
                    "Port " + port + " is used by another program. Choose another one with --port.", e);
        }
    }

    private static boolean exits(ProcessHandle process, Duration deadline) throws InterruptedException {
        try {
            process.onExit().get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private String logTail() {
        try (Stream<String> lines = Files.lines(log())) {
            List<String> all = lines.toList();
            String tail = String.join("\n  ", all.subList(Math.max(0, all.size() - LOG_LINES), all.size()));
            return tail.isEmpty() ? "" : "\nThe end of " + log() + ":\n  " + tail;
        } catch (IOException | UncheckedIOException e) {
            return " There is no log to read at " + log() + ".";
        }
    }
}
