package org.llmfactory.api.ledger.testing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.UsageEntry;

/** Entries in lists. */
public final class InMemoryLedger implements Ledger {
    private final List<AuditEvent> events = new ArrayList<>();
    private final List<UsageEntry> usage = new ArrayList<>();
    private final List<Transcript> transcripts = new ArrayList<>();

    @Override
    public synchronized String record(AuditEvent event) {
        events.add(event);
        return "audit_log-" + events.size();
    }

    @Override
    public synchronized String record(AuditEvent event, UsageEntry entry, Optional<Transcript> transcript) {
        usage.add(entry);
        transcript.ifPresent(transcripts::add);
        return record(event);
    }

    @Override
    public synchronized long tokensUsed(String project, Instant since) {
        return usage.stream()
                .filter(entry -> entry.project().equals(project))
                .mapToLong(entry -> entry.usage().tokens())
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
        return List.copyOf(usage);
    }

    public synchronized List<Transcript> transcripts() {
        return List.copyOf(transcripts);
    }
}
