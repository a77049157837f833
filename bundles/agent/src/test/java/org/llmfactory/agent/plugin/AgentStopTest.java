package org.llmfactory.agent.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentStopTest {
    @TempDir
    Path folder;

    @Test
    void aProcessThatIsToldToEndStopsItsBundlesLastStartedFirst() throws Exception {
        assertThat(printedByAProcessThatIsToldToEnd())
                .containsSubsequence("ready", "org.acme.second", "org.acme.first");
    }

    @Test
    void aComponentThatIsGoneStopsNothing() throws Exception {
        assertThat(printedByAProcessThatIsToldToEnd("deactivated")).containsExactly("ready");
    }

    private List<String> printedByAProcessThatIsToldToEnd(String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StoppingProcess.class.getName(),
                folder.toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return CompletableFuture.supplyAsync(() -> printed(process)).get(1, TimeUnit.MINUTES);
        } finally {
            process.destroyForcibly();
        }
    }

    private static List<String> printed(Process process) {
        List<String> lines = new ArrayList<>();
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String line = output.readLine();
            while (line != null) {
                lines.add(line);
                if (line.equals("ready")) {
                    // Not by the process itself, which would close the stream that is still read.
                    process.toHandle().destroy();
                }
                line = output.readLine();
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
