package org.llmfactory.api.governance;

import org.llmfactory.api.identity.Caller;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The door that every piece of work passes before anything is queued for it: content policy, rate limits, concurrency,
 * budget. What passed is entered in the ledger when it ends; what a content policy stopped is entered too. OSGi service;
 * safe for use by several threads.
 */
@ProviderType
public interface Governor {
    /**
     * Admits a piece of work. A refusal has changed nothing, except that a prompt which a content policy stopped counts as a
     * request.
     *
     * @return to be closed in every case
     * @throws org.llmfactory.api.error.FactoryException {@code CONTENT_BLOCKED}; {@code NOT_FOUND} for a project that is not
     *     there; {@code RATE_LIMITED} or {@code
     *     TOKENS_LIMITED} with the time to wait; {@code QUOTA_EXCEEDED} for a budget that is used up; {@code INVALID_VALUE}
     *     for work that no limit could ever admit
     */
    Admission admit(Caller caller, Work work);
}
