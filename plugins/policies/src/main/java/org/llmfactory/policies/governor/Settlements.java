package org.llmfactory.policies.governor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.llmfactory.api.governance.Outcome;
import org.llmfactory.api.governance.Work;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.api.ledger.UsageEntry;
import org.llmfactory.policies.content.Inspection;

/** Writes what was done, or stopped, into the ledger. */
final class Settlements {
    /** The type of the entries. */
    static final String TYPE = "model.request";

    private final Ledger ledger;
    private final GovernorMetrics metrics;

    Settlements(Ledger ledger, GovernorMetrics metrics) {
        this.ledger = ledger;
        this.metrics = metrics;
    }

    /** Enters work that was done. */
    void enter(
            Task task,
            Optional<Inspection> inspection,
            Usage usage,
            Outcome outcome,
            List<String> output,
            Stopwatch stopwatch) {
        Work work = task.work();
        UsageEntry entry = new UsageEntry(
                work.endpoint(),
                task.caller().project(),
                task.caller().id(),
                task.caller().apiKey(),
                work.model(),
                String.join(",", work.adapterNames()),
                usage);
        Optional<Transcript> transcript =
                task.keepsText() ? Optional.of(new Transcript(work.input(), output)) : Optional.empty();
        AuditEvent event = event(task, inspection, usage, outcome);
        stopwatch.time(Check.AUDIT, () -> ledger.record(event, entry, transcript));
        metrics.settled(stopwatch);
    }

    /** Enters work that a content policy stopped before it began: nothing was used, and its text is not kept. */
    void enterRefusal(Task task, Inspection inspection) {
        ledger.record(event(task, Optional.of(inspection), Usage.NONE, Outcome.BLOCKED));
    }

    private static AuditEvent event(Task task, Optional<Inspection> inspection, Usage usage, Outcome outcome) {
        Work work = task.work();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("model", work.model());
        details.put("adapters", work.adapters());
        details.put("adapter_names", work.adapterNames());
        details.put("endpoint", work.endpoint());
        details.put("outcome", outcome.name().toLowerCase(Locale.ROOT));
        inspection.ifPresent(present -> details.put("policy", present.details()));
        details.put("input_tokens", usage.inputTokens());
        details.put("cached_tokens", usage.cachedTokens());
        details.put("output_tokens", usage.outputTokens());
        if (usage.seconds() > 0) {
            details.put("seconds", usage.seconds());
        }
        Actor actor = Actor.of(task.caller(), work.address());
        return new AuditEvent(TYPE, actor, Optional.of(task.caller().project()), Optional.of(work.id()), details);
    }
}
