package org.llmfactory.itest.network;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.llmfactory.itest.agent.ApiClient;
import org.llmfactory.itest.agent.RunningAgent;
import org.llmfactory.launcher.agent.Installation;

/** A machine with one home, where {@code ./factory} is run as its operator would. */
final class Machine {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    private static final Duration BRIEF = Duration.ofSeconds(10);

    private final String name;
    private final String address;
    private final List<String> entry;
    private final List<String> cut;
    private final List<String> heal;
    private final Path work;
    private final int port;
    private Map<String, String> environment = Map.of();

    /**
     * A machine.
     *
     * @param entry what goes before a command that is to run on it
     * @param cut takes it off the network; empty where only its processes can be stopped
     * @param heal puts it back
     */
    Machine(String name, String address, List<String> entry, List<String> cut, List<String> heal) throws IOException {
        this.name = name;
        this.address = address;
        this.entry = entry;
        this.cut = cut;
        this.heal = heal;
        this.work = Files.createTempDirectory(name);
        this.port = entry.isEmpty() ? freePort() : 8080;
        Files.createDirectory(
                home(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        if (!entry.isEmpty()) {
            // Any address of a namespace, in which there is nobody else.
            setting("org.apache.felix.http.host", "0.0.0.0");
        }
    }

    String name() {
        return name;
    }

    String address() {
        return address;
    }

    Path home() {
        return work.resolve("home");
    }

    /** Where this process reaches its agent. */
    String url() {
        return "http://" + address + ":" + port;
    }

    String administratorKey() throws IOException {
        return Files.readString(home().resolve("admin.key")).strip();
    }

    ApiClient administrator() throws IOException {
        return ApiClient.anonymous(url()).withKey(administratorKey());
    }

    /** A line of {@code agent.properties}. */
    Machine setting(String property, String value) throws IOException {
        Path file = home().resolve("agent.properties");
        String before = Files.exists(file) ? Files.readString(file) : "";
        Files.writeString(file, before + property + "=" + value + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return this;
    }

    /** Gives it the name that its network knows it by, and lets others reach its broker. */
    Machine opensNetwork(String network) throws IOException {
        setting("llmfactory.network.name", network);
        setting("llmfactory.network.host", address);
        return setting("llmfactory.network.port", String.valueOf(entry.isEmpty() ? freePort() : 61617));
    }

    /** Puts the tests' model on it. */
    Machine withModel() throws IOException {
        Path target = Files.createDirectories(home().resolve("models").resolve(RunningAgent.MODEL));
        try (Stream<Path> files = Files.list(RunningAgent.fixture())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return this;
    }

    /** Runs on it what {@code ./factory} hands over to when all is built, as it is here. */
    Shell.Result factory(String... arguments) throws IOException, InterruptedException {
        Path root = Installation.located().root();
        Path launcher = root.resolve("bundles/launcher/target");
        List<String> command = new ArrayList<>(entry);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-D" + Installation.PROPERTY + "=" + root,
                "-cp",
                launcher.resolve("classes") + File.pathSeparator + launcher.resolve("launcher") + "/*",
                "org.llmfactory.launcher.command.Factory"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--home", home().toString(), "--port", String.valueOf(port)));
        return Shell.run(DEADLINE, command, environment);
    }

    /** Puts its clock forward by so much, for what is run on it from now on. */
    void clock(Path library, Duration forward) {
        preload(library, Map.of("CLOCK_OFFSET_SECONDS", String.valueOf(forward.toSeconds())));
    }

    /** Puts a library, which reads these settings, before the system's, for what is run on it from now on. */
    void preload(Path library, Map<String, String> settings) {
        environment = new HashMap<>(settings);
        environment.put("LD_PRELOAD", library.toString());
    }

    /** Runs {@code ./factory} on it, which must do well; what it says on standard output. */
    String succeed(String... arguments) throws IOException, InterruptedException {
        return factory(arguments).orFail(List.of(arguments)).output();
    }

    /** What stands alone on the last line of it, as what is to be copied does. */
    String lastLine(String... arguments) throws IOException, InterruptedException {
        String[] lines = succeed(arguments).strip().split("\n", -1);
        return lines[lines.length - 1];
    }

    /** Runs it with {@code --json}. */
    JsonNode json(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(arguments));
        command.add("--json");
        return JSON.readTree(succeed(command.toArray(String[]::new)));
    }

    /** The process of its agent. */
    ProcessHandle agent() {
        try {
            JsonNode state = JSON.readTree(home().resolve("agent.json").toFile());
            return ProcessHandle.of(state.path("pid").asLong()).orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends its agent as a power failure would. */
    void kill() {
        ProcessHandle process = agent();
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Takes it off the network. */
    void cut() throws IOException, InterruptedException {
        change(cut, "-STOP");
    }

    /** Puts it back. */
    void heal() throws IOException, InterruptedException {
        change(heal, "-CONT");
    }

    private void change(List<String> command, String signal) throws IOException, InterruptedException {
        if (!command.isEmpty()) {
            Shell.run(BRIEF, command).orFail(command);
            return;
        }
        Optional<ProcessHandle> process = agentIfAny();
        if (process.isPresent()) {
            List<String> kill =
                    List.of("kill", signal, String.valueOf(process.get().pid()));
            Shell.run(BRIEF, kill).orFail(kill);
        }
    }

    /** Starts its agent again, if it does not run. */
    void ensureUp(String feature) throws IOException, InterruptedException {
        if (agentIfAny().isEmpty()) {
            succeed("up", "--feature", feature);
        }
    }

    /** What its agent has logged; empty before it has. */
    List<String> log() throws IOException {
        Path log = home().resolve("logs").resolve("agent.log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    /** Ends its agent and deletes its home; the log stays in {@code target/agents}. */
    void close() throws IOException, InterruptedException {
        Path log = home().resolve("logs").resolve("agent.log");
        if (Files.exists(log)) {
            agentIfAny().ifPresent(ProcessHandle::destroyForcibly);
            Path kept = Files.createDirectories(Path.of("target", "agents"));
            Files.copy(log, kept.resolve(name + ".log"), StandardCopyOption.REPLACE_EXISTING);
        }
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Optional<ProcessHandle> agentIfAny() throws IOException {
        Path state = home().resolve("agent.json");
        if (!Files.exists(state)) {
            return Optional.empty();
        }
        return ProcessHandle.of(JSON.readTree(state.toFile()).path("pid").asLong());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
