package org.llmfactory.launcher.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.agent.Agent;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.load.NodesBench;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Measures what a second node adds. */
@Command(
        name = "nodes",
        description = "Throughput of two nodes against one, each with a processor core of its own, through a controller"
                + " without an engine, on SmolLM2-135M. The controller and the clients share these cores.",
        footerHeading = "%nExample:%n",
        footer = "  ./factory bench nodes --json")
final class BenchNodesCommand implements Callable<Integer> {
    private static final int SERVED_SECONDS = 60;

    @ParentCommand
    BenchCommand bench = new BenchCommand();

    @Option(names = "--clients", defaultValue = "64", description = "At the same time (${DEFAULT-VALUE}).")
    int clients = 64;

    @Option(names = "--requests", defaultValue = "192", description = "Measured each time (${DEFAULT-VALUE}).")
    int requests = 192;

    @Option(names = "--prompt-tokens", defaultValue = "64", description = "Of a request (${DEFAULT-VALUE}).")
    int promptTokens = 64;

    @Option(names = "--tokens", defaultValue = "64", description = "Generated (${DEFAULT-VALUE}).")
    int tokens = 64;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Options options = bench.factory.options;
        Terminal terminal = options.terminal();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("load_before", BenchCommand.load());
        Path model = DemoModel.pulled(options, terminal);
        terminal.say("Starting a controller and a node; load before " + answer.get("load_before"));
        try (TemporaryNetwork network = TemporaryNetwork.start(options)) {
            NodesBench measured = new NodesBench(
                    network.controller(), DemoModel.ID, new NodesBench.Load(clients, requests, promptTokens, tokens));
            join(network, "one", 0, model);
            terminal.say("one node");
            measured.one("one", terminal::say);
            join(network, "two", 1, model);
            terminal.say("two nodes");
            measured.two(terminal::say);
            network.stop("two");
            awaitServing(network.controller(), 1);
            terminal.say("one node again");
            measured.one("one_again", terminal::say);
            answer.putAll(measured.answer());
        }
        answer.put("clients", clients);
        answer.put("requests", requests);
        answer.put("prompt_tokens", promptTokens);
        answer.put("generated_tokens", tokens);
        answer.put("cores", Runtime.getRuntime().availableProcessors());
        terminal.answer(answer);
        return 0;
    }

    private static void join(TemporaryNetwork network, String name, int core, Path model)
            throws IOException, InterruptedException {
        Agent node = network.node(name).onCore(core);
        TemporaryAgent.copy(model, node.home().resolve("models").resolve(DemoModel.ID));
        network.join(name, node);
        awaitServing(network.controller(), core + 1);
    }

    /** Waits until so many agents serve the model, and the controller passes requests on. */
    private static void awaitServing(AgentClient controller, int nodes) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SERVED_SECONDS);
        while (System.nanoTime() < end) {
            int serving = 0;
            for (var agent : controller.get("/admin/agents?alive=true").path("data")) {
                serving += agent.path("engines").isEmpty() ? 0 : 1;
            }
            if (serving == nodes) {
                DemoModel.awaitServed(controller);
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new LauncherException(
                nodes + " nodes did not serve " + DemoModel.ID + " within " + SERVED_SECONDS + " s.");
    }
}
