package org.llmfactory.policies.budget;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.UsageEntry;

/** Remembers when tokens were used, by the test's clock. */
final class ClockedLedger implements Ledger {
    private final Clock clock;
    private final Queue<Use> uses = new ConcurrentLinkedQueue<>();

    private record Use(String project, Instant time, long tokens) {}

    ClockedLedger(Clock clock) {
        this.clock = clock;
    }

    void use(String project, long tokens) {
        uses.add(new Use(project, clock.instant(), tokens));
    }

    @Override
    public String record(AuditEvent event) {
        return "audit_log-1";
    }

    @Override
    public String record(AuditEvent event, UsageEntry usage, Optional<Transcript> transcript) {
        use(usage.project(), usage.usage().tokens());
        return "audit_log-1";
    }

    @Override
    public long tokensUsed(String project, Instant since) {
        return uses.stream()
                .filter(use -> use.project().equals(project) && !use.time().isBefore(since))
                .mapToLong(Use::tokens)
                .sum();
    }
}
