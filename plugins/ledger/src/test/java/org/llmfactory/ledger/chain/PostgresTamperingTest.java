package org.llmfactory.ledger.chain;

import org.llmfactory.database.Database;
import org.llmfactory.ledger.PostgresTables;

final class PostgresTamperingTest extends TamperingTest {
    @Override
    Database database() {
        return PostgresTables.shared();
    }
}
