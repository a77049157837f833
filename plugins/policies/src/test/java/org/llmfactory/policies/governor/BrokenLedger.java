package org.llmfactory.policies.governor;

import java.time.Instant;
import java.util.Optional;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.UsageEntry;

/** Can be read, but writes nothing until it is repaired. */
final class BrokenLedger implements Ledger {
    private boolean broken = true;
    private int attempts;

    synchronized void repair() {
        broken = false;
    }

    /** How often something was to be written. */
    synchronized int attempts() {
        return attempts;
    }

    @Override
    public synchronized String record(AuditEvent event) {
        attempts++;
        if (broken) {
            throw new FactoryException(ErrorCode.OVERLOADED, "The ledger cannot be written.");
        }
        return "audit_log-" + attempts;
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
