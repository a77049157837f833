package org.llmfactory.policies.budget;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.UsageEntry;

/** Remembers when tokens were used, by the test's clock. */
final class ClockedLedger implements Ledger {
    private final Clock clock;
    private final Queue<Use> uses = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Runnable> afterReading = new AtomicReference<>(() -> {});

    private record Use(String project, Instant time, long tokens) {}

    ClockedLedger(Clock clock) {
        this.clock = clock;
    }

    void use(String project, long tokens) {
        uses.add(new Use(project, clock.instant(), tokens));
    }

    /** Happens once, between the next reading and what is done with it. */
    void afterNextReading(Runnable event) {
        afterReading.set(event);
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
    public void flush() {}

    @Override
    public long tokensUsed(String project, Instant since) {
        long used = uses.stream()
                .filter(use -> use.project().equals(project) && !use.time().isBefore(since))
                .mapToLong(Use::tokens)
                .sum();
        afterReading.getAndSet(() -> {}).run();
        return used;
    }
}
