package org.llmfactory.ledger.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.agent.testing.FolderHome;
import org.llmfactory.database.testing.TemporaryDatabase;
import org.llmfactory.ledger.Configs;
import org.llmfactory.ledger.chain.Verification;

final class KilledLedgerTest {
    private static final int AT_LEAST = 300;

    @TempDir
    Path home;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void whatWasRecordedBeforeTheProcessWasKilledIsThereTwiceOver() throws Exception {
        List<String> first = recordUntilKilled();
        List<String> second = recordUntilKilled();

        try (TemporaryDatabase database = new TemporaryDatabase(home.resolve("database"))) {
            LedgerStore store = new LedgerStore(database, new FolderHome(home));
            ChainedLedger ledger =
                    new ChainedLedger(store, new LedgerMetrics(), Configs.defaults(ChainedLedger.Config.class));
            ledger.record(TestLedger.event("project.created"));
            ledger.flush();
            Verification found = store.verify(Set.of());
            Set<String> ids = ids(store);

            assertThat(found.findings()).isEmpty();
            assertThat(ids).containsAll(first).containsAll(second);
            assertThat(ledger.tokensUsed("proj_a", Instant.EPOCH)).isEqualTo(3L * (ids.size() - 1));
            ledger.close();
        }
    }

    private List<String> recordUntilKilled() throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledChild.class.getName(),
                        home.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> recorded = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                recorded.add(line);
                if (recorded.size() == AT_LEAST) {
                    // Not child.destroyForcibly(), which throws away what is still in the pipe.
                    assertThat(child.toHandle().destroyForcibly()).isTrue();
                }
                line = lines.readLine();
            }
        } finally {
            child.destroyForcibly();
        }
        assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(recorded).hasSizeGreaterThanOrEqualTo(AT_LEAST);
        // The last line may have been cut short by the kill.
        recorded.removeIf(id -> id.length() != "audit_log-".length() + 24);
        return recorded;
    }

    private static Set<String> ids(LedgerStore store) {
        return new HashSet<>(store.tables()
                .withHandle(handle -> handle.createQuery("SELECT id FROM audit_entry")
                        .mapTo(String.class)
                        .list()));
    }
}
