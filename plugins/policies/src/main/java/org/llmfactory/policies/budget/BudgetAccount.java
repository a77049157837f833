package org.llmfactory.policies.budget;

import java.time.Duration;
import java.time.Instant;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.project.Budget;

/** What this agent has leased of one project's budget. Its lock is held while the database is asked. */
final class BudgetAccount {
    /** How long it is believed that the database has no more to give. */
    private static final Duration MEMORY_OF_REFUSAL = Duration.ofSeconds(1);

    private final String project;
    private final LeaseStore store;
    private final long chunk;

    private Budget budget = new Budget(0, Budget.Period.DAY);
    private Instant periodStart = Instant.MIN;
    /** Leased and not handed out. */
    private long available;
    /** Leased and handed out to work in progress. */
    private long reserved;
    /** What the database could give beside {@link #available}, as of the last refusal. */
    private long beyond;

    private Instant refusedUntil = Instant.MIN;
    private Instant renewed = Instant.MIN;
    private Instant lastAsked = Instant.MIN;
    private boolean closed;

    /** An account that leases so many tokens at a time, when nobody needs more. */
    BudgetAccount(String project, LeaseStore store, long chunk) {
        this.project = project;
        this.store = store;
        this.chunk = chunk;
    }

    /**
     * Reserves tokens.
     *
     * @throws FactoryException {@code QUOTA_EXCEEDED} when there are not so many left, {@code OVERLOADED} when that cannot
     *     be found out; nothing has changed then
     */
    synchronized void reserve(Budget current, long tokens, Instant now) {
        Instant start = Periods.start(current.period(), now);
        if (!current.equals(budget) || !start.equals(periodStart)) {
            budget = current;
            periodStart = start;
            available = 0;
            refusedUntil = Instant.MIN;
        }
        if (isOld(now)) {
            available = 0;
        }
        if (tokens > available) {
            lease(tokens, now);
        }
        available -= tokens;
        reserved += tokens;
        lastAsked = now;
    }

    private void lease(long tokens, Instant now) {
        if (closed) {
            throw new FactoryException(ErrorCode.OVERLOADED, "The governor is being replaced; try again.");
        }
        if (now.isBefore(refusedUntil) && tokens > available + beyond) {
            throw exhausted(available + beyond, now);
        }
        long wanted = Math.max(tokens, Math.min(chunk, budget.tokens() / 16));
        LeaseStore.Grant grant = store.take(
                new LeaseStore.Request(project, periodStart, budget.tokens(), reserved, tokens, wanted), now);
        if (grant.granted() < tokens) {
            beyond = Math.max(0, grant.free() - available);
            refusedUntil = now.plus(MEMORY_OF_REFUSAL);
            throw exhausted(grant.free(), now);
        }
        available = grant.granted();
        renewed = now;
    }

    /** Ends a reservation; what was used of it is in the ledger by now. */
    synchronized void settle(long tokens, long used) {
        reserved -= tokens;
        available += Math.max(0, tokens - used);
    }

    /** Gives back to the database what has been idle since a time, and keeps the rest alive. */
    synchronized void maintain(Instant idleSince, Instant now) {
        if (closed || lastAsked.isBefore(idleSince) || isOld(now)) {
            available = 0;
        }
        if (renewed.isAfter(Instant.MIN)) {
            store.renew(project, periodStart, reserved + available, now);
            renewed = reserved + available > 0 ? now : Instant.MIN;
        }
    }

    /** Hands out nothing more; what is at work can be settled. */
    synchronized void close() {
        closed = true;
    }

    /** Whether other agents will soon take this lease for dead. */
    private boolean isOld(Instant now) {
        return renewed.isBefore(now.minus(LeaseStore.LIFETIME.dividedBy(2)));
    }

    private FactoryException exhausted(long left, Instant now) {
        Instant next = Periods.end(budget.period(), now);
        return new FactoryException(
                ErrorCode.QUOTA_EXCEEDED,
                "The project's budget of " + budget.tokens() + " tokens per "
                        + (budget.period() == Budget.Period.DAY ? "day" : "month")
                        + " does not suffice: " + left
                        + " are left, and the request could take more. It begins anew at "
                        + next + "; an administrator can raise it.");
    }
}
