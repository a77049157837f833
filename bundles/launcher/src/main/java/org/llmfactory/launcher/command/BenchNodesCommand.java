package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llmfactory.launcher.Waiting;
import org.llmfactory.launcher.agent.Agent;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.load.CompletionLoad;
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
    private static final Duration SERVED = Duration.ofMinutes(1);
    private static final List<String> NODES = List.of("one", "two");

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
            CompletionLoad load = new CompletionLoad(clients, requests, promptTokens, tokens);
            answer.putAll(new NodesBench(network.controller(), DemoModel.ID, load)
                    .measure(count -> serve(network, count, model), terminal::say));
        }
        answer.put("clients", clients);
        answer.put("requests", requests);
        answer.put("prompt_tokens", promptTokens);
        answer.put("generated_tokens", tokens);
        answer.put("cores", Runtime.getRuntime().availableProcessors());
        terminal.answer(answer);
        return 0;
    }

    /** Each node has the core of its number. */
    private static void serve(TemporaryNetwork network, int count, Path model)
            throws IOException, InterruptedException {
        for (int core = 0; core < NODES.size(); core++) {
            String name = NODES.get(core);
            if (core >= count) {
                network.stop(name);
            } else if (!network.has(name)) {
                Agent node = network.node(name).onCore(core);
                TemporaryAgent.copy(model, node.home().resolve("models").resolve(DemoModel.ID));
                network.join(name, node);
            }
        }
        Waiting.until(
                SERVED,
                () -> serving(network.controller()) == count,
                () -> count + " node(s) did not serve " + DemoModel.ID + " within " + SERVED.toSeconds() + " seconds.");
        DemoModel.awaitServed(network.controller());
    }

    private static int serving(AgentClient controller) throws InterruptedException {
        int serving = 0;
        for (JsonNode agent : controller.get("/admin/agents?alive=true").path("data")) {
            serving += agent.path("engines").isEmpty() ? 0 : 1;
        }
        return serving;
    }
}
