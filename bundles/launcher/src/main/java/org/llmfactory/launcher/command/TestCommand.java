package org.llmfactory.launcher.command;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llmfactory.launcher.terminal.Terminal;
import org.llmfactory.launcher.test.TestCount;
import org.llmfactory.launcher.test.TestReports;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** Every check there is: the whole build with its tests, then the clients in other languages. */
@Command(name = "test", description = "Build everything, run every test and say how many passed and failed.")
final class TestCommand implements Callable<Integer> {
    @ParentCommand
    Factory factory = new Factory();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Terminal terminal = factory.options.terminal();
        Path root = factory.options.installation().root();
        TestReports reports = new TestReports(root);
        reports.clear();
        int build = run(terminal, root, "mvn", "-B", "-ntp", "--fail-at-end", "verify")
                .exitCode();
        Run clients = run(terminal, root, "clients/check");
        TestCount count = reports.count().plus(TestCount.ofOutput(clients.output()));
        boolean passed = build == 0 && clients.exitCode() == 0 && count.failed() == 0;
        terminal.answer(Map.of("passed", count.passed(), "failed", count.failed(), "build", build == 0));
        if (!passed && count.failed() == 0) {
            terminal.error("The build or the client checks failed outside of a test; see above.");
        }
        terminal.say(count.passed() + " passed, " + count.failed() + " failed");
        return passed ? 0 : 1;
    }

    private record Run(int exitCode, String output) {}

    private static Run run(Terminal terminal, Path root, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .start();
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                terminal.say(line);
                output.append(line).append('\n');
            }
        }
        return new Run(process.waitFor(), output.toString());
    }
}
