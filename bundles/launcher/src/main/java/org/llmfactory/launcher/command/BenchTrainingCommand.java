package org.llmfactory.launcher.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llmfactory.launcher.load.TrainingBench;
import org.llmfactory.launcher.terminal.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Measures training. */
@Command(
        name = "training",
        description =
                "How long a style of 200 examples takes to learn and whether it was learnt, and what it is worth to"
                        + " train four small jobs together, on SmolLM2-135M.",
        footerHeading = "%nExample:%n",
        footer = "  ./factory bench training --json")
final class BenchTrainingCommand implements Callable<Integer> {
    @ParentCommand
    BenchCommand bench = new BenchCommand();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Options options = bench.factory.options;
        Terminal terminal = options.terminal();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("load_before", BenchCommand.load());
        Path model = DemoModel.pulled(options, terminal);
        TemporaryAgent.use(options, model, (client, work) -> {
            terminal.say("Measuring at " + client.url() + "; load before " + answer.get("load_before"));
            answer.putAll(new TrainingBench(client, DemoModel.ID, work.resolve("data")).measure(terminal::say));
        });
        answer.put("cores", Runtime.getRuntime().availableProcessors());
        terminal.answer(answer);
        return 0;
    }
}
