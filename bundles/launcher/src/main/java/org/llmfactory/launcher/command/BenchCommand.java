package org.llmfactory.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.llmfactory.launcher.admin.AdminClient;
import org.llmfactory.launcher.agent.AgentClient;
import org.llmfactory.launcher.load.CheckedProject;
import org.llmfactory.launcher.load.CompletionLoad;
import org.llmfactory.launcher.load.GatewayBench;
import org.llmfactory.launcher.load.GatewayBench.Load;
import org.llmfactory.launcher.load.MultiLoraBench;
import org.llmfactory.launcher.load.StepBench;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Measurements, against a server of their own in a temporary home unless they say otherwise. */
@Command(
        name = "bench",
        description = "Measure.",
        subcommands = {BenchNetworkCommand.class, BenchNodesCommand.class, BenchTrainingCommand.class})
final class BenchCommand implements Runnable {
    @ParentCommand
    Factory factory = new Factory();

    @Spec
    CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Which measurement: multi-lora, gateway, network, nodes or training?");
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
        Map<String, Object> answer = new LinkedHashMap<>();
        Map<String, Object> steps = withoutStep ? Map.of() : Map.of("step", steps(terminal));
        TemporaryAgent.use(factory.options, model, (client, work) -> {
            MultiLoraBench bench = new MultiLoraBench(
                    client, DemoModel.ID, new CompletionLoad(clients, requests, promptTokens, tokens));
            terminal.say("Measuring at " + client.url() + "; load before " + before);
            bench.registerAdapters(work.resolve("adapters"), count -> {
                if (count % 25 == 0) {
                    terminal.say(count + " adapters registered");
                }
            });
            answer.putAll(bench.measure(terminal::say));
        });
        answer.putAll(steps);
        answer.put("load_before", before);
        answer.put("clients", clients);
        answer.put("requests", requests);
        answer.put("prompt_tokens", promptTokens);
        answer.put("generated_tokens", tokens);
        terminal.answer(answer);
        return 0;
    }

    @Command(
            name = "gateway",
            description = "What the checks of a request cost, from key to audit log: on the agent of the home when it"
                    + " runs, otherwise on one of its own.",
            footerHeading = "%nExample:%n",
            footer = "  ./factory bench gateway --json")
    int gateway(
            @Option(names = "--requests", defaultValue = "500", description = "Of each kind (${DEFAULT-VALUE}).")
                    int requests,
            @Option(
                            names = "--clients",
                            defaultValue = "16",
                            description = "At once, in the second part (${DEFAULT-VALUE}).")
                    int clients,
            @Option(names = "--most", defaultValue = "3m", description = "Time for each part (${DEFAULT-VALUE}).")
                    Duration most,
            @Option(names = "--model", defaultValue = DemoModel.ID, description = "The base model (${DEFAULT-VALUE}).")
                    String model)
            throws IOException, InterruptedException {
        Terminal terminal = factory.options.terminal();
        Load load = new Load(requests, clients, most);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("load_before", load());
        if (factory.options.agent().running().isPresent()) {
            answer.putAll(gateway(factory.options.client(), model, load));
        } else {
            Path folder = DemoModel.pulled(factory.options, terminal);
            TemporaryAgent.use(factory.options, folder, (client, work) -> answer.putAll(gateway(client, model, load)));
        }
        answer.put("model", model);
        answer.put("clients", clients);
        terminal.answer(answer);
        return 0;
    }

    private Map<String, Object> gateway(AgentClient client, String model, Load load) throws InterruptedException {
        Terminal terminal = factory.options.terminal();
        terminal.say("Measuring at " + client.url());
        CheckedProject project = CheckedProject.create(new AdminClient(client));
        try {
            return new GatewayBench(project.open(), client, model, load).measure(terminal::say);
        } finally {
            project.remove();
        }
    }

    private JsonNode steps(Terminal terminal) throws IOException, InterruptedException {
        terminal.say("Timing the engine's bare steps");
        return new StepBench(factory.options.installation().root()).run();
    }

    /** The machine's load of the last minute. */
    static double load() {
        try {
            return Double.parseDouble(Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
