package org.llmfactory.enrollment.store;

import java.time.Instant;
import java.util.Optional;
import org.llmfactory.api.network.AgentAddress;

/**
 * An agent that was let in here.
 *
 * @param joined when
 * @param renewed when it last got a certificate
 * @param expires when the last certificate it got ends; empty when that is so long ago that it is forgotten
 * @param revoked since when nobody believes it any more
 */
public record KnownAgent(
        AgentAddress address, Instant joined, Instant renewed, Optional<Instant> expires, Optional<Instant> revoked) {
    /** Whether it has a certificate that works. */
    public boolean isMember(Instant now) {
        return revoked.isEmpty() && expires.filter(now::isBefore).isPresent();
    }
}
