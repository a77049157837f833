package org.llmfactory.torch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Measures what a busy neighbour costs under each way of waiting; run by name, {@code mvn -pl bundles/torch test
 * -Dtest=WaitBenchmark}.
 */
class WaitBenchmark {
    private static final Duration TIME = Duration.ofSeconds(4);

    @Test
    void table() throws IOException {
        Map<String, Map<String, String>> ways = new LinkedHashMap<>();
        ways.put("as the engine sets it", Map.of());
        ways.put("sleeping at once", Map.of("GOMP_SPINCOUNT", "0"));
        ways.put("GNU OpenMP's default", Map.of("GOMP_SPINCOUNT", "300000"));
        ways.put("1 thread", Map.of("SAMPLE_THREADS", "1"));
        System.out.printf(
                "%d processors, load %s%n%-26s %10s %10s %7s%n",
                Runtime.getRuntime().availableProcessors(),
                Files.readString(Path.of("/proc/loadavg")).trim(),
                "ms a step (median)",
                "alone",
                "busy",
                "ratio");
        ways.forEach((name, environment) ->
                System.out.printf("%-26s %s%n", name, ChildJvm.run(WaitBenchmark.class, environment)));
    }

    /** One measurement, in a process of its own: OpenMP reads its settings only once. */
    public static void main(String[] arguments) {
        int threads = Integer.parseInt(System.getenv().getOrDefault("SAMPLE_THREADS", "0"));
        try (TorchEngine torch = TorchEngine.open(new TorchOptions("cpu", threads, Optional.empty()));
                SampleStep step = new SampleStep(torch)) {
            step.medianMillis(Duration.ofSeconds(1));
            double alone = step.medianMillis(TIME);
            double beside = BusyProcess.beside(() -> step.medianMillis(TIME));
            System.out.printf("%10.1f %10.1f %7.1f%n", alone, beside, beside / alone);
        }
    }
}
