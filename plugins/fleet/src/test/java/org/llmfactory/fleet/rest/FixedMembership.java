package org.llmfactory.fleet.rest;

import java.time.Instant;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Membership;

/** A controller that has no parent. */
record FixedMembership(AgentAddress self) implements Membership {
    @Override
    public String network() {
        return "0".repeat(64);
    }

    @Override
    public String region() {
        return self.name();
    }

    @Override
    public Set<AgentAddress> controllers() {
        return Set.of(self);
    }

    @Override
    public Instant expires() {
        return Instant.parse("3000-01-01T00:00:00Z");
    }
}
