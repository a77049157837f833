package org.llmfactory.api.ledger.testing;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.UsageEntry;

/** Entries in lists. */
public final class InMemoryLedger implements Ledger {
    private record Counted(Instant minute, UsageEntry entry) {}

    private final Clock clock;
    private final List<AuditEvent> events = new ArrayList<>();
    private final List<Counted> usage = new ArrayList<>();
    private final List<Transcript> transcripts = new ArrayList<>();

    public InMemoryLedger() {
        this(Clock.systemUTC());
    }

    /** A ledger that takes the time of its entries from a clock. */
    public InMemoryLedger(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized String record(AuditEvent event) {
        events.add(event);
        return String.format("audit_log-%024x", events.size());
    }

    @Override
    public synchronized String record(AuditEvent event, UsageEntry entry, Optional<Transcript> transcript) {
        usage.add(new Counted(clock.instant().truncatedTo(ChronoUnit.MINUTES), entry));
        transcript.ifPresent(transcripts::add);
        return record(event);
    }

    @Override
    public void flush() {
        // Everything is there at once.
    }

    @Override
    public synchronized long tokensUsed(String project, Instant since) {
        return usage.stream()
                .filter(counted -> counted.entry().project().equals(project))
                .filter(counted -> !counted.minute().isBefore(since))
                .mapToLong(counted -> counted.entry().usage().tokens())
                .sum();
    }

    /** All events so far, oldest first. */
    public synchronized List<AuditEvent> events() {
        return List.copyOf(events);
    }

    /** The types of all events so far, oldest first. */
    public synchronized List<String> types() {
        return events.stream().map(AuditEvent::type).toList();
    }

    public synchronized List<UsageEntry> usage() {
        return usage.stream().map(Counted::entry).toList();
    }

    public synchronized List<Transcript> transcripts() {
        return List.copyOf(transcripts);
    }
}
