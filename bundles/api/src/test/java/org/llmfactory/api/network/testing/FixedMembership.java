package org.llmfactory.api.network.testing;

import java.time.Instant;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;
import org.llmfactory.api.network.Membership;

/**
 * That an agent belongs to a network of one controller, {@code platform/controller}.
 *
 * @param self the agent
 */
public record FixedMembership(AgentAddress self) implements Membership {
    @Override
    public String network() {
        return "0".repeat(64);
    }

    @Override
    public String region() {
        return "region-1";
    }

    @Override
    public Set<AgentAddress> controllers() {
        return Set.of(AgentAddress.parse("platform/controller"));
    }

    @Override
    public Instant expires() {
        return Instant.MAX;
    }
}
