package org.llmfactory.launcher.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.llmfactory.launcher.LauncherException;
import org.llmfactory.launcher.terminal.Terminal;

/**
 * Times the engine's bare steps, without a server, by the benchmark that lies among the inference plugin's tests: what
 * the server could reach at best.
 */
public final class StepBench {
    private static final String MODULE = "plugins/inference";
    private static final String CLASS_PATH = "target/test.classpath";
    private static final String BENCHMARK = "org.llmfactory.inference.decoder.StepBenchmark";

    private final Path root;

    public StepBench(Path root) {
        this.root = root;
    }

    /** The benchmark's figures; takes a build of its module and about a minute. */
    public JsonNode run() throws IOException, InterruptedException {
        // The class path is that of the module's tests, which only Maven knows.
        run(List.of(
                "mvn",
                "-B",
                "-q",
                "package",
                "dependency:build-classpath",
                "-DskipTests",
                "-Dmdep.outputFile=" + CLASS_PATH,
                "-pl",
                MODULE,
                "-am"));
        Path module = root.resolve(MODULE);
        List<String> classPath = new ArrayList<>();
        classPath.add(module.resolve("target/test-classes").toString());
        classPath.add(module.resolve("target/classes").toString());
        classPath.add(Files.readString(module.resolve(CLASS_PATH)).strip());
        String output = run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(File.pathSeparator, classPath),
                BENCHMARK));
        return output.lines()
                .filter(line -> line.startsWith("{"))
                .reduce((first, second) -> second)
                .map(StepBench::parse)
                .orElseThrow(() -> new LauncherException("The step benchmark printed no figures:\n" + output));
    }

    private String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new LauncherException("'" + String.join(" ", command.subList(0, 1)) + "' failed:\n" + output);
        }
        return output;
    }

    private static JsonNode parse(String line) {
        try {
            return Terminal.JSON.readTree(line);
        } catch (IOException e) {
            throw new LauncherException("The step benchmark printed no JSON: " + line, e);
        }
    }
}
