package org.llmfactory.policies.governor;

import java.util.Optional;
import org.llmfactory.policies.budget.Budgets;
import org.llmfactory.policies.limit.ConcurrencyLimit;
import org.llmfactory.policies.limit.Permit;

/** What a piece of work has taken from the limits. */
record Holdings(ConcurrencyLimit.Place place, Permit permit, Optional<Budgets.Reservation> reservation) {
    /** Gives back what was reserved and not used; to be called once. */
    void settle(long reserved, long used) {
        permit.giveBackTokens(Math.max(0, reserved - used));
        reservation.ifPresent(present -> present.settle(used));
    }
}
