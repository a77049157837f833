package org.llmfactory.files.store;

import java.time.Instant;
import java.util.Optional;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.UsageEntry;

/** A ledger that cannot write. */
final class RefusingLedger implements Ledger {
    @Override
    public String record(AuditEvent event) {
        throw new FactoryException(ErrorCode.OVERLOADED, "The audit log cannot be written.");
    }

    @Override
    public String record(AuditEvent event, UsageEntry usage, Optional<Transcript> transcript) {
        return record(event);
    }

    @Override
    public void flush() {}

    @Override
    public long tokensUsed(String project, Instant since) {
        return 0;
    }
}
