package org.llmfactory.leadership.election;

import java.util.Optional;
import org.llmfactory.api.network.AgentAddress;

/**
 * Where a controller stands; a picture of one moment that ends by itself.
 *
 * @param epoch the newest epoch it knows of
 * @param leader whom it follows in it, itself when it leads
 * @param leads whether it has a lease
 * @param until when the lease ends, by the controller's monotonic clock in nanoseconds
 */
public record Standing(long epoch, Optional<AgentAddress> leader, boolean leads, long until) {
    /** Whether it leads at a time. */
    public boolean leadsAt(long now) {
        return leads && now - until < 0;
    }
}
