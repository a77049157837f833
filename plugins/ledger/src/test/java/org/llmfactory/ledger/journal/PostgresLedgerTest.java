package org.llmfactory.ledger.journal;

import org.llmfactory.database.Database;
import org.llmfactory.ledger.PostgresTables;

final class PostgresLedgerTest extends ChainedLedgerTest {
    @Override
    Database database() {
        return PostgresTables.shared();
    }
}
