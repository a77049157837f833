package org.llmfactory.sysinfo.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.network.AgentReport.Gpu;

class NvidiaGpusTest {
    @TempDir
    Path folder;

    @Test
    void withoutADriverThereAreNone() {
        assertThat(NvidiaGpus.find("libno-such-driver.so.1")).isEmpty();
    }

    /** Against a driver written for the test in C, where there is a compiler. */
    @Test
    void theDriverSaysWhatThereIs() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/cc")), "no C compiler");

        assertThat(NvidiaGpus.find(driver().toString()))
                .containsExactly(new Gpu("NVIDIA H100", 85_899_345_920L), new Gpu("NVIDIA H200", 0));
    }

    private Path driver() throws IOException, InterruptedException {
        Path source = folder.resolve("driver.c");
        try (InputStream in = NvidiaGpusTest.class.getResourceAsStream("/nvml/driver.c")) {
            Files.copy(Objects.requireNonNull(in), source);
        }
        Path library = folder.resolve("libdriver.so.1");
        Process compiler = new ProcessBuilder(
                        "/usr/bin/cc", "-shared", "-fPIC", "-o", library.toString(), source.toString())
                .inheritIO()
                .start();
        assertThat(compiler.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(compiler.exitValue()).isZero();
        return library;
    }
}
