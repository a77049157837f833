package org.llmfactory.leadership.election;

import java.util.Optional;
import org.llmfactory.api.network.AgentAddress;

/**
 * What a controller must never forget: Raft's current term and vote.
 *
 * @param epoch the newest epoch it has heard of, 0 before the first
 * @param vote whom it voted for in that epoch
 */
public record Ballot(long epoch, Optional<AgentAddress> vote) {
    /** Before the first election. */
    public static final Ballot NONE = new Ballot(0, Optional.empty());
}
