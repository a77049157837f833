package org.llmfactory.api.ledger;

import java.time.Instant;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What happened and what it cost, append-only and chained by hashes. OSGi service; safe for use by several threads, which
 * share their commits.
 */
@ProviderType
public interface Ledger {
    /**
     * Enters an event. Once it has returned, the entry survives the process. Whoever changes something calls it as the
     * last act inside his own transaction: then there is no change without its entry.
     *
     * @return the entry's id, {@code audit_log-…}
     * @throws org.llmfactory.api.error.FactoryException {@code OVERLOADED} when it cannot be written: then what it is
     *     about must not happen
     */
    String record(AuditEvent event);

    /**
     * Enters an event and counts its use, both or neither; as {@link #record(AuditEvent)}.
     *
     * @param transcript what was said, where it is to be kept
     */
    String record(AuditEvent event, UsageEntry usage, Optional<Transcript> transcript);

    /**
     * Waits until everything that was recorded here before can be read by everyone, on all agents.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code OVERLOADED} when that takes too long
     */
    void flush();

    /**
     * Tokens, input and output together, that a project has used since a time, which is the beginning of a minute;
     * everything that was recorded here before is counted.
     *
     * @throws org.llmfactory.api.error.FactoryException as {@link #flush}
     */
    long tokensUsed(String project, Instant since);
}
