package org.llmfactory.api.ledger.testing;

import org.llmfactory.api.ledger.Ledger;

final class InMemoryLedgerTest extends LedgerContract {
    private final Ledger ledger = new InMemoryLedger();

    @Override
    protected Ledger ledger() {
        return ledger;
    }
}
