package org.llmfactory.sysinfo.report;

import java.time.Instant;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Membership;

/** An agent of a network that ends in a thousand years. */
record FixedMembership(AgentAddress self, Set<AgentAddress> controllers, Instant expires) implements Membership {
    FixedMembership(AgentAddress self, AgentAddress... controllers) {
        this(self, Set.of(controllers), Instant.parse("3000-01-01T00:00:00Z"));
    }

    @Override
    public String network() {
        return "0".repeat(64);
    }

    @Override
    public String region() {
        return "region-1";
    }
}
