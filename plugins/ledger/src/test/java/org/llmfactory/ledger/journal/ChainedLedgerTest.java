package org.llmfactory.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.testing.LedgerContract;
import org.llmfactory.database.Database;
import org.llmfactory.ledger.chain.ChainEntry;
import org.llmfactory.ledger.chain.ChainTable;

class ChainedLedgerTest extends LedgerContract {
    @TempDir
    Path home;

    private TestLedger test;

    @BeforeEach
    void open() {
        test = new TestLedger(database(), home, Clock.systemUTC());
    }

    Database database() {
        return TestLedger.memory();
    }

    @AfterEach
    void close() {
        test.close();
    }

    @Override
    protected Ledger ledger() {
        return test.ledger();
    }

    @Test
    void everythingTheContractEnteredStandsInTheChain() throws Exception {
        countsOfManyThreadsAreExact();
        everyKindOfActorAndDetailIsTaken();
        aTranscriptIsTaken();

        assertThat(test.verify().findings()).isEmpty();
        assertThat(test.verify().entries()).isEqualTo(8 * 25 + 4 + 1);
    }

    @Test
    void theChainGoesOnAfterARestart() {
        test.ledger().record(event("project.created"));
        test.restart();
        test.ledger().record(event("project.updated"));

        assertThat(test.verify().isValid()).isTrue();
        assertThat(entries()).extracting(entry -> entry.link().sequence()).containsExactly(1L, 2L);
        assertThat(entries().get(1).previous()).isEqualTo(entries().get(0).hash());
    }

    @Test
    void timeNeverGoesBack() {
        Instant late = Instant.parse("2100-01-01T00:00:00Z");
        try (TestLedger ahead = new TestLedger(database(), home.resolve("ahead"), Clock.fixed(late, ZoneOffset.UTC))) {
            ahead.ledger().record(event("project.created"));
            ahead.restart();
            ahead.ledger().record(event("project.updated"));

            List<ChainEntry> entries = ahead.tables()
                    .withHandle(handle -> ChainTable.after(handle, ahead.store().chain(), 0, 10));
            assertThat(entries).extracting(entry -> entry.link().at()).containsOnly(late.toEpochMilli());
        }
    }

    @Test
    void whatWasInLineIsWrittenBeforeTheLedgerEnds() {
        String id = test.ledger().record(event("project.created"));
        test.end();

        assertThat(entries()).extracting(entry -> entry.link().id()).containsExactly(id);
    }

    @Test
    void useIsCountedByTheMinuteOfTheEntry() {
        test.ledger().record(event("model.request"), usage("proj_a", 10, 4, 5), Optional.empty());
        long at = entries().get(0).link().at();
        Instant minute = Instant.ofEpochMilli(at - at % 60_000);

        assertThat(test.ledger().tokensUsed("proj_a", minute)).isEqualTo(15);
        assertThat(test.ledger().tokensUsed("proj_a", minute.plus(Duration.ofMinutes(1))))
                .isZero();
    }

    private List<ChainEntry> entries() {
        return test.tables()
                .withHandle(handle -> ChainTable.after(handle, test.store().chain(), 0, 1_000));
    }
}
