package org.llmfactory.ledger.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.llmfactory.ledger.journal.TestLedger.event;

import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.database.testing.PostgresDatabase;
import org.llmfactory.database.testing.PostgresServer;

final class PostgresOutageTest {
    @TempDir
    Path home;

    @Test
    void ledgerRefusesDuringAnOutageAndGoesOnAfterIt() {
        try (PostgresServer server = PostgresServer.start();
                PostgresDatabase database = new PostgresDatabase(server);
                TestLedger test = new TestLedger(database, home, Clock.systemUTC())) {
            test.ledger().record(event("project.created"));

            server.stop();
            server.startAgain();
            // The connection broke, and nobody notices.
            test.ledger().record(event("project.created"));

            server.stop();
            assertThatThrownBy(() -> test.ledger().record(event("project.created")))
                    .isInstanceOfSatisfying(
                            FactoryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED));
            server.startAgain();
            test.ledger().record(event("project.created"));

            assertThat(test.verify().findings()).isEmpty();
            assertThat(test.verify().entries()).isEqualTo(3);
        }
    }
}
