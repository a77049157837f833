package org.llmfactory.ledger.rest;

import org.llmfactory.database.Database;
import org.llmfactory.ledger.PostgresTables;

final class PostgresCostsResourceTest extends CostsResourceTest {
    @Override
    Database database() {
        return PostgresTables.shared();
    }
}
