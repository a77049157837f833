package org.llmfactory.itest.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs to their end. */
final class Shell {
    private Shell() {}

    /**
     * What a program said.
     *
     * @param status its exit status
     */
    record Result(int status, String output, String errors) {
        Result orFail(List<String> command) {
            if (status != 0) {
                throw new IllegalStateException(command + " ended with " + status + ":\n" + output + errors);
            }
            return this;
        }
    }

    static Result run(Duration deadline, List<String> command) throws IOException, InterruptedException {
        return run(deadline, command, Map.of());
    }

    /** The same with variables of the environment besides those of this process. */
    static Result run(Duration deadline, List<String> command, Map<String, String> variables)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("output", ".txt");
        Path errors = Files.createTempFile("errors", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().putAll(variables);
            Process process = builder.start();
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " has not ended after " + deadline);
            }
            return new Result(process.exitValue(), text(output), text(errors));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
