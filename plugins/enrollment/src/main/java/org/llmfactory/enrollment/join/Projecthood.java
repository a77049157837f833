package org.llmfactory.enrollment.join;

import java.util.Optional;
import org.llmfactory.api.network.AgentAddress;

/** Which project a tenant is, for the ledger. */
final class Projecthood {
    private Projecthood() {}

    static Optional<String> of(String tenant) {
        return tenant.equals(AgentAddress.PLATFORM) || tenant.equals(AgentAddress.SHARED)
                ? Optional.empty()
                : Optional.of(tenant);
    }
}
