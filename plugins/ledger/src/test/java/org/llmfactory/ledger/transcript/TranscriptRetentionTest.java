package org.llmfactory.ledger.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.ledger.Configs;
import org.llmfactory.ledger.journal.TestLedger;

final class TranscriptRetentionTest {
    private static final Instant NOW = Instant.parse("2026-03-31T12:00:00Z");

    @TempDir
    Path home;

    @Test
    void onlyWhatIsOldEnoughIsDeleted() {
        try (TestLedger test = new TestLedger(home)) {
            long edge = NOW.minus(Duration.ofDays(30)).toEpochMilli();
            test.tables()
                    .useHandle(handle -> TranscriptTable.insert(
                            handle,
                            List.of(
                                    new TranscriptTable.Row("old", edge - 1, "x"),
                                    new TranscriptTable.Row("new", edge, "x"))));
            TranscriptRetention retention =
                    new TranscriptRetention(test.tables(), Duration.ofDays(30), Clock.fixed(NOW, ZoneOffset.UTC));

            assertThat(retention.sweep()).isEqualTo(1);
            assertThat(retention.sweep()).isZero();

            List<String> left = test.tables()
                    .withHandle(handle -> handle.createQuery("SELECT id FROM audit_transcript")
                            .mapTo(String.class)
                            .list());
            assertThat(left).containsExactly("new");
            retention.close();
        }
    }

    @Test
    void keptForThirtyDaysUnlessConfiguredOtherwise() {
        assertThat(Configs.defaults(TranscriptRetention.Config.class).days()).isEqualTo(30);
    }
}
