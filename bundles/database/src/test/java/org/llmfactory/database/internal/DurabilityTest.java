package org.llmfactory.database.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.database.testing.TemporaryDatabase;

/** What Derby has committed survives the death of its process. */
final class DurabilityTest {
    private static final int ROUNDS = 3;
    private static final int COMMITS = 100;

    @TempDir
    Path folder;

    @Test
    void everyCommitIsThereAfterTheProcessIsKilledInTheMiddleOfCommits() throws Exception {
        Path files = folder.resolve("database");
        Set<String> committed = new HashSet<>();
        for (int round = 1; round <= ROUNDS; round++) {
            committed.addAll(commitUntilKilled(files));

            assertThat(committed).hasSizeGreaterThanOrEqualTo(round * COMMITS);
            assertThat(stored(files)).containsAll(committed);
        }
    }

    private static Set<String> commitUntilKilled(Path files) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        CommittingProcess.class.getName(),
                        files.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return CompletableFuture.supplyAsync(() -> printed(process)).get(2, TimeUnit.MINUTES);
        } finally {
            process.destroyForcibly();
        }
    }

    /** Kills the process after enough commits, and takes what it printed until then: all of that is committed. */
    private static Set<String> printed(Process process) {
        Set<String> ids = new HashSet<>();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null) {
                // The last line may have been cut off by the kill.
                if (line.length() == 36) {
                    ids.add(line);
                }
                if (ids.size() == COMMITS) {
                    // Not by the process itself, which would close the stream that is still read.
                    process.toHandle().destroyForcibly();
                }
                line = lines.readLine();
            }
            return ids;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> stored(Path files) {
        try (TemporaryDatabase database = new TemporaryDatabase(files)) {
            return database.open("test", DurabilityTest.class)
                    .withHandle(handle -> handle.createQuery("SELECT id FROM note")
                            .mapTo(String.class)
                            .list());
        }
    }
}
