package org.llmfactory.models.catalog;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a package manager's client with a deadline. */
final class ClientProcess {
    private static final Duration DEADLINE = Duration.ofMinutes(30);
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int LONGEST_EXCERPT = 300;

    private final Map<String, String> environment;

    ClientProcess(Map<String, String> environment) {
        this.environment = environment;
    }

    boolean has(String command) {
        return find(command).isPresent();
    }

    /** Runs to the end; temporary files go beside {@code download}, whose growth is the progress. */
    void run(List<String> command, Path download, Progress progress) throws IOException, InterruptedException {
        Path program = find(command.get(0))
                .orElseThrow(() -> new IOException("'" + command.get(0) + "' is not installed here"));
        Path temporary = Files.createDirectories(download.resolveSibling("temporary"));
        Path log = download.resolveSibling("client.log");
        List<String> line = new ArrayList<>(command);
        line.set(0, program.toString());
        ProcessBuilder builder = new ProcessBuilder(line).directory(temporary.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("TMPDIR", temporary.toString());
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        Process process = builder.start();
        try {
            await(process, command.get(0), () -> progress.at(Folders.size(download) + Folders.size(temporary)));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new IOException(command.get(0) + " ended with status " + process.exitValue() + excerpt(log));
        }
    }

    private static void await(Process process, String name, Runnable look) throws IOException, InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            look.run();
            if (System.nanoTime() > end) {
                throw new IOException(name + " did not end within " + DEADLINE.toMinutes() + " minutes");
            }
        }
    }

    /** What the client said last that looks like a reason. */
    private static String excerpt(Path log) throws IOException {
        List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        String reason = lines.stream()
                .filter(line -> line.regionMatches(true, 0, "error", 0, 5) || line.startsWith("npm error"))
                .findFirst()
                .orElse(lines.isEmpty() ? "" : lines.get(lines.size() - 1));
        String shown = reason.substring(0, Math.min(reason.length(), LONGEST_EXCERPT));
        return shown.isEmpty() ? "" : ": " + shown;
    }

    private Optional<Path> find(String command) {
        return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, command))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst();
    }
}
