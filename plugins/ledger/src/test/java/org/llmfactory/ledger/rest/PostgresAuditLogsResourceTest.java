package org.llmfactory.ledger.rest;

import org.llmfactory.database.Database;
import org.llmfactory.ledger.PostgresTables;

final class PostgresAuditLogsResourceTest extends AuditLogsResourceTest {
    @Override
    Database database() {
        return PostgresTables.shared();
    }
}
