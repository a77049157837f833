package org.llmfactory.sysinfo.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The resident set of this process, as Linux counts it. Models live outside the Java heap, so the heap says little. */
final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ResidentMemory() {}

    /** In bytes; NaN where the system does not say. */
    static double bytes() {
        try {
            return parse(Files.readAllLines(STATUS));
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    static double parse(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToDouble(kibibytes -> Long.parseLong(kibibytes) * 1024.0)
                .findFirst()
                .orElse(Double.NaN);
    }
}
