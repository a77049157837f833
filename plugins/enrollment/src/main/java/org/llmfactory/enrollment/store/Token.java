package org.llmfactory.enrollment.store;

import java.time.Instant;
import java.util.Optional;
import org.llmfactory.agent.join.JoinKind;

/**
 * A token, without its secret.
 *
 * @param id what is told of it
 * @param kind what it lets in
 * @param tenant whose agent that will be
 * @param name what it will be called; empty when the agent chooses
 * @param creator who asked for it
 * @param used when an agent came in with it
 * @param usedBy that agent's address
 * @param revoked when it was taken back
 */
public record Token(
        String id,
        JoinKind kind,
        String tenant,
        Optional<String> name,
        String creator,
        Instant created,
        Instant expires,
        Optional<Instant> used,
        Optional<String> usedBy,
        Optional<Instant> revoked) {
    /** Whether an agent can come in with it. */
    public boolean isOpen(Instant now) {
        return used.isEmpty() && revoked.isEmpty() && now.isBefore(expires);
    }

    /** In a word: {@code open}, {@code used}, {@code revoked}, {@code expired}. */
    public String state(Instant now) {
        if (used.isPresent()) {
            return "used";
        }
        if (revoked.isPresent()) {
            return "revoked";
        }
        return now.isBefore(expires) ? "open" : "expired";
    }
}
