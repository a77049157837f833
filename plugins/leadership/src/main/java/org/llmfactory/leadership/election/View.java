package org.llmfactory.leadership.election;

import java.util.Optional;
import java.util.Set;
import org.llmfactory.api.network.AgentAddress;

/**
 * The shared list of controllers, as it was read at one moment.
 *
 * @param version grows by one with each change, and each change is of one controller
 * @param members who votes
 * @param epoch the newest epoch that anybody has led in
 * @param leader who led in it
 */
public record View(long version, Set<AgentAddress> members, long epoch, Optional<AgentAddress> leader) {
    /** Before anything was read. */
    public static final View NONE = new View(0, Set.of(), 0, Optional.empty());

    public View {
        members = Set.copyOf(members);
    }

    /** How many are more than half. */
    int majority() {
        return members.size() / 2 + 1;
    }

    boolean isOnly(AgentAddress self) {
        return members.size() == 1 && members.contains(self);
    }
}
