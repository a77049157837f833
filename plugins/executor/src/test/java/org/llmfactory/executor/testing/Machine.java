package org.llmfactory.executor.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.AgentStream;
import org.llmfactory.api.network.Lane;
import org.llmfactory.api.network.testing.InMemoryDataPlane;
import org.llmfactory.executor.process.ProcessAudit;
import org.llmfactory.executor.process.Processes;
import org.llmfactory.executor.stream.ProcessService;

/** A node in a network in memory whose processes are real. */
public final class Machine implements AutoCloseable {
    public static final AgentAddress CONTROLLER = AgentAddress.parse("platform/c1");
    public static final AgentAddress NODE = AgentAddress.parse("proj_a/node");
    public static final AgentAddress SISTER = AgentAddress.parse("proj_a/sister");
    public static final AgentAddress STRANGER = AgentAddress.parse("proj_b/node");
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final InMemoryDataPlane network = new InMemoryDataPlane();
    private final InMemoryLedger ledger = new InMemoryLedger();
    private final ProcessAudit audit = new ProcessAudit();
    private final Home home;
    private final Processes processes;

    public Machine(Path root) {
        this(root, 16, Map.of());
    }

    /** A machine whose agent has these variables in its environment. */
    public Machine(Path root, int maximum, Map<String, String> environment) {
        this.home = () -> root;
        audit.setLedger(ledger);
        processes = new Processes(home, audit, List.of(), maximum, Duration.ofMillis(500), environment);
        network.offer(NODE, new ProcessService(processes));
    }

    /** Allows a command; for better reading, in single quotes. */
    public void allow(String name, String json) {
        write(name, json.replace('\'', '"'));
    }

    /**
     * Allows a script, which is one program with two fixed arguments.
     *
     * @param more further fields, likewise in single quotes
     */
    public void allowScript(String name, String script, String more) {
        String quoted = script.replace("\\", "\\\\").replace("\"", "\\\"");
        write(
                name,
                "{\"name\": \"" + name + "\", \"program\": \"/bin/sh\", \"arguments\": [\"-c\", \"" + quoted + "\"]"
                        + more.replace('\'', '"') + "}");
    }

    private void write(String name, String json) {
        try {
            Path folder = Files.createDirectories(home.root().resolve("executor"));
            Files.writeString(folder.resolve(name + ".json"), json);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Opens a stream to a command as an agent. */
    public Opener open(AgentAddress caller, String request) throws InterruptedException {
        Opener opener = new Opener();
        AgentStream stream = network.of(caller)
                .open(
                        NODE,
                        "process",
                        Lane.DATA,
                        request.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                        opener,
                        DEADLINE);
        opener.stream(stream);
        return opener;
    }

    public Opener run(String command) throws InterruptedException {
        return open(CONTROLLER, "{'command': '" + command + "'}");
    }

    public InMemoryDataPlane network() {
        return network;
    }

    public InMemoryLedger ledger() {
        return ledger;
    }

    public ProcessAudit audit() {
        return audit;
    }

    public Home home() {
        return home;
    }

    public Processes processes() {
        return processes;
    }

    @Override
    public void close() {
        processes.close();
        network.close();
    }
}
