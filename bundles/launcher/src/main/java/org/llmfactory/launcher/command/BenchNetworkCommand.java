package org.llmfactory.launcher.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llmfactory.launcher.load.InventoryBench;
import org.llmfactory.launcher.load.NetworkBench;
import org.llmfactory.launcher.load.Simulation;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Measures the network of agents. */
@Command(
        name = "network",
        description = "Calls, streams and tokens between a controller and a node of their own, each a process, and what"
                + " agents that report cost the controller.",
        footerHeading = "%nExample:%n",
        footer = "  ./factory bench network --json")
final class BenchNetworkCommand implements Callable<Integer> {
    private static final String NODE = "node";
    private static final int LONGEST_SECONDS = 200;

    /** An agent has three connections, and a broker takes a thousand. */
    private static final int MOST_AGENTS = 300;

    @Spec
    CommandSpec spec = CommandSpec.create();

    @ParentCommand
    BenchCommand bench = new BenchCommand();

    @Option(names = "--calls", defaultValue = "2000", description = "Calls that are timed (${DEFAULT-VALUE}).")
    int calls = 2000;

    @Option(
            names = "--megabytes",
            defaultValue = "500",
            description = "Sent in each measurement of throughput, in millions of bytes (${DEFAULT-VALUE}).")
    int megabytes = 500;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "Of each measurement of throughput; the median counts (${DEFAULT-VALUE}).")
    int rounds = 3;

    @Option(
            names = "--seconds",
            defaultValue = "20",
            description = "For which tokens flow, and for which the controller's processor time is counted"
                    + " (${DEFAULT-VALUE}).")
    int seconds = 20;

    @Option(
            names = "--agents",
            split = ",",
            defaultValue = "50,100,200",
            description = "Simulated agents that report, the fewest first (${DEFAULT-VALUE}).")
    List<Integer> agents = List.of();

    @Option(names = "--no-inventory", description = "Leave out what simulated agents that report cost.")
    boolean withoutInventory;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        Options options = bench.factory.options;
        Terminal terminal = options.terminal();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("load_before", BenchCommand.load());
        terminal.say("Starting a controller and a node; load before " + answer.get("load_before"));
        try (TemporaryNetwork network = TemporaryNetwork.start(options)) {
            String node = network.join(NODE, network.node(NODE));
            network.deploy(options.installation().networkBench());
            NetworkBench.Load load = new NetworkBench.Load(calls, megabytes, rounds, seconds);
            answer.putAll(new NetworkBench(network.controller(), TemporaryNetwork.CONTROLLER, node, load)
                    .measure(terminal::say));
            if (!withoutInventory) {
                network.stop(NODE);
                answer.put("inventory", inventory(network));
            }
        }
        answer.put("cores", Runtime.getRuntime().availableProcessors());
        terminal.answer(answer);
        return 0;
    }

    private void check() {
        boolean counts = calls > 0 && megabytes > 0 && rounds > 0 && seconds > 0 && seconds <= LONGEST_SECONDS;
        boolean ascending = !agents.isEmpty()
                && agents.get(0) > 0
                && agents.get(agents.size() - 1) <= MOST_AGENTS
                && agents.equals(agents.stream().sorted().distinct().toList());
        if (!counts || !ascending) {
            throw new ParameterException(
                    spec.commandLine(),
                    "All numbers are positive, --seconds at most " + LONGEST_SECONDS + ", --agents at most "
                            + MOST_AGENTS + " and in ascending order.");
        }
    }

    private Map<String, Object> inventory(TemporaryNetwork network) throws IOException, InterruptedException {
        Options options = bench.factory.options;
        Path homes = Files.createDirectory(network.work().resolve("simulated"));
        try (Simulation simulation = Simulation.start(
                options.installation().simulatedAgents(), network.controller().url(), homes)) {
            return new InventoryBench(
                            network.controller(), network.controllerProcess(), simulation, Duration.ofSeconds(seconds))
                    .measure(agents, network::token, options.terminal()::say);
        }
    }
}
