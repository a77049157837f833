package org.llmfactory.fleet.rest;

import java.util.Optional;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Fleet;
import org.llmfactory.api.network.Fleet.Member;

/** Finds the agent that a URL names. */
final class Members {
    private Members() {}

    /**
     * The agent of a tenant and a name.
     *
     * @throws FactoryException {@code NOT_FOUND} when no such agent reports here
     */
    static Member find(Fleet fleet, String tenant, String name) {
        return address(tenant, name)
                .flatMap(fleet::member)
                .orElseThrow(() -> new FactoryException(
                        ErrorCode.NOT_FOUND,
                        "There is no agent '" + tenant + "/" + name
                                + "' here. GET /admin/agents lists those that report to this controller."));
    }

    private static Optional<AgentAddress> address(String tenant, String name) {
        try {
            return Optional.of(new AgentAddress(tenant, name));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
