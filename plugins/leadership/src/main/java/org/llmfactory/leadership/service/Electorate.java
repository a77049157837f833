package org.llmfactory.leadership.service;

import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;

/** Who may ask for votes and lead. */
final class Electorate {
    private Electorate() {}

    /** @throws FactoryException {@code PERMISSION_DENIED} for whoever is not registered in this controller's database */
    static Candidacy admit(Candidacy candidacy, AgentAddress caller) {
        if (!candidacy.isMember(caller)) {
            throw new FactoryException(
                    ErrorCode.PERMISSION_DENIED,
                    caller + " is not registered in the database of " + candidacy.self() + ", so it has no vote here.");
        }
        return candidacy;
    }
}
