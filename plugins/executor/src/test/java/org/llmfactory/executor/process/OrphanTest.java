package org.llmfactory.executor.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanTest {
    @TempDir
    private Path homes;

    @Test
    void whatAKilledAgentLeftBehindEndsWhenItsHomeIsUsedAgainAndNothingElseDoes() throws Exception {
        Process ours = sleeper(Marker.value(homes.resolve("ours"), "proc-1"));
        Process others = sleeper(Marker.value(homes.resolve("others"), "proc-1"));
        Process none = sleeper("x");
        try {
            Path home = homes.resolve("ours");
            try (Processes processes =
                    new Processes(() -> home, new ProcessAudit(), List.of(), 1, Duration.ofSeconds(1), Map.of())) {
                assertThat(processes.table().all()).isEmpty();
            }

            assertThat(ours.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(others.isAlive()).isTrue();
            assertThat(none.isAlive()).isTrue();
        } finally {
            List.of(ours, others, none).forEach(Process::destroyForcibly);
        }
    }

    private static Process sleeper(String marker) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sleep", "300");
        builder.environment().put(Marker.VARIABLE, marker);
        return builder.start();
    }
}
