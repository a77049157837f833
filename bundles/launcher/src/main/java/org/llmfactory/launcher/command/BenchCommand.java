package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.llmfactory.launcher.agent.Agent;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.agent.AgentState;
import org.llmfactory.launcher.load.MultiLoraBench;
import org.llmfactory.launcher.load.MultiLoraBench.Load;
import org.llmfactory.launcher.load.StepBench;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Measurements, each against a server of its own in a temporary home. */
@Command(name = "bench", description = "Measure.")
final class BenchCommand implements Runnable {
    @ParentCommand
    Factory factory = new Factory();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Which measurement: multi-lora?");
    }

    @Command(
            name = "multi-lora",
            description = "Throughput of base, one, nine and a hundred adapters through HTTP, on SmolLM2-135M.")
    int multiLora(
            @Option(names = "--clients", defaultValue = "16", description = "At the same time (${DEFAULT-VALUE}).")
                    int clients,
            @Option(names = "--requests", defaultValue = "64", description = "Measured for each (${DEFAULT-VALUE}).")
                    int requests,
            @Option(names = "--prompt-tokens", defaultValue = "128", description = "Of a request (${DEFAULT-VALUE}).")
                    int promptTokens,
            @Option(names = "--tokens", defaultValue = "64", description = "Generated (${DEFAULT-VALUE}).") int tokens,
            @Option(
                            names = "--no-step",
                            description = "Leave out the engine's bare steps, which need a build of their module.")
                    boolean withoutStep)
            throws IOException, InterruptedException {
        Terminal terminal = factory.options.terminal();
        double before = load();
        Path model = DemoModel.pulled(factory.options, terminal);
        Map<String, Object> steps = withoutStep ? Map.of() : Map.of("step", steps(terminal));
        Path work = Files.createTempDirectory("factory-bench");
        Agent agent = new Agent(factory.options.installation(), work.resolve("home"));
        try {
            copy(model, agent.home().resolve("models").resolve(DemoModel.ID));
            AgentState state = agent.start(freePort(), "all-in-one");
            AgentClient client = agent.client();
            DemoModel.awaitServed(client);
            MultiLoraBench bench =
                    new MultiLoraBench(client, DemoModel.ID, new Load(clients, requests, promptTokens, tokens));
            terminal.say("Measuring at " + state.url() + "; load before " + before);
            bench.registerAdapters(work.resolve("adapters"), count -> {
                if (count % 25 == 0) {
                    terminal.say(count + " adapters registered");
                }
            });
            Map<String, Object> answer = new LinkedHashMap<>(bench.measure(terminal::say));
            answer.putAll(steps);
            answer.put("load_before", before);
            answer.put("clients", clients);
            answer.put("requests", requests);
            answer.put("prompt_tokens", promptTokens);
            answer.put("generated_tokens", tokens);
            terminal.answer(answer);
            return 0;
        } finally {
            agent.stop();
            delete(work);
        }
    }

    private JsonNode steps(Terminal terminal) throws IOException, InterruptedException {
        terminal.say("Timing the engine's bare steps");
        return new StepBench(factory.options.installation().root()).run();
    }

    private static double load() {
        try {
            return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : tree(from)) {
            if (Files.isRegularFile(file)) {
                Path target = to.resolve(from.relativize(file));
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        for (Path file : tree(folder)) {
            Files.deleteIfExists(file);
        }
    }

    /** Everything in a folder, children before their parents. */
    private static List<Path> tree(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted(Comparator.reverseOrder()).toList();
        }
    }
}
