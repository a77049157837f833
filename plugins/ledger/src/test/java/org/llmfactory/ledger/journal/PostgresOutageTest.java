package org.llmfactory.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.llmfactory.ledger.journal.TestLedger.event;
import static org.llmfactory.ledger.journal.TestLedger.usage;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.database.testing.PostgresDatabase;
import org.llmfactory.database.testing.PostgresServer;

final class PostgresOutageTest {
    @TempDir
    Path home;

    @Test
    void whatIsRecordedDuringAnOutageComesIntoTheTablesAfterIt() {
        try (PostgresServer server = PostgresServer.start();
                PostgresDatabase database = new PostgresDatabase(server);
                TestLedger test = new TestLedger(database, home, Clock.systemUTC())) {
            test.ledger().record(event("project.created"));

            server.stop();
            server.startAgain();
            // The connection broke, and nobody notices.
            test.ledger().record(event("project.created"));
            test.ledger().flush();

            server.stop();
            test.ledger().record(event("project.created"));
            server.startAgain();
            test.ledger().record(event("project.created"));

            assertThat(test.verify().findings()).isEmpty();
            assertThat(test.verify().entries()).isEqualTo(4);
        }
    }

    @Test
    void whatTheJournalHasAtTheEndComesIntoTheTablesAtTheNextStart() {
        try (PostgresServer server = PostgresServer.start();
                PostgresDatabase database = new PostgresDatabase(server);
                TestLedger test = new TestLedger(database, home, Clock.systemUTC())) {
            server.stop();
            test.ledger().record(event("model.request"), usage("proj_a", 1, 0, 1), Optional.empty());
            test.end();
            server.startAgain();
            // The pool may give out connections that broke with the server.
            await().atMost(Duration.ofSeconds(30))
                    .ignoreExceptionsInstanceOf(FactoryException.class)
                    .untilAsserted(test::begin);

            assertThat(test.verify().findings()).isEmpty();
            assertThat(test.verify().entries()).isEqualTo(1);
            assertThat(test.ledger().tokensUsed("proj_a", Instant.EPOCH)).isEqualTo(2);
        }
    }
}
