package org.llmfactory.ledger.rest;

import java.util.List;
import java.util.Optional;
import org.llmfactory.access.AccessPolicy;
import org.llmfactory.access.Action;
import org.llmfactory.access.Resource;
import org.llmfactory.api.identity.Caller;

/** What a caller may see of the audit log. */
final class AuditViewer {
    private AuditViewer() {}

    /** The projects whose entries he may see; empty for everything there is. */
    static Optional<List<String>> visible(Caller caller) {
        if (AccessPolicy.allows(caller, Action.READ_AUDIT, Resource.organization())) {
            return Optional.empty();
        }
        return Optional.of(caller.projects().keySet().stream()
                .filter(project -> AccessPolicy.allows(caller, Action.READ_AUDIT, Resource.project(project)))
                .sorted()
                .toList());
    }
}
