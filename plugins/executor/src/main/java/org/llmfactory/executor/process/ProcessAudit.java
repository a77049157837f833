package org.llmfactory.executor.process;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Ledger;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what is run: the agent's log, and the ledger where there is one. Arguments may hold what is nobody's business, so
 * they are told only of commands whose operator said that they may be.
 */
@Component(service = ProcessAudit.class)
public final class ProcessAudit {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessAudit.class);

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile @Nullable Ledger ledger;

    /** Sets the ledger where no component runtime does. */
    public void setLedger(Ledger present) {
        ledger = present;
    }

    /** To be called before the process is started. When it throws, there is none. */
    void started(ProcessEntry entry) {
        LOG.info("{} runs the command {} as {}", entry.caller(), entry.command(), entry.id());
        record("executor.started", entry, new HashMap<>());
    }

    /** What has ended has ended, whether or not the ledger takes it. */
    void ended(ProcessEntry entry, Exit exit) {
        LOG.info("{}, the command {}, has ended with {} {}", entry.id(), entry.command(), exit.code(), exit.reason());
        Map<String, Object> details = new HashMap<>();
        details.put("exit", exit.code());
        if (!exit.reason().isEmpty()) {
            details.put("reason", exit.reason());
        }
        try {
            record("executor.ended", entry, details);
        } catch (FactoryException full) {
            LOG.error("The end of {} could not be entered in the ledger", entry.id(), full);
        }
    }

    private void record(String type, ProcessEntry entry, Map<String, Object> details) {
        Ledger present = ledger;
        if (present == null) {
            return;
        }
        details.put("process", entry.id());
        details.put("detached", entry.detached());
        if (entry.publicArguments()) {
            details.put("arguments", entry.arguments());
        }
        Actor actor = new Actor(Actor.Kind.SYSTEM, entry.caller().toString(), Optional.empty(), "");
        present.record(
                AuditEvent.of(type, actor, Optional.empty(), entry.command()).with(details));
    }
}
