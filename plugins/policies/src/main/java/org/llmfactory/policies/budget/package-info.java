/**
 * Budgets that are never overdrawn, by several threads and by several agents on one database.
 *
 * <p>An agent hands tokens out of a <em>lease</em>, which it has taken from the database; most requests therefore cost no
 * database access. Let S be what the ledger has counted for a project in the period, and H the tokens that an agent holds:
 * those it could still hand out and those reserved for work in progress. The promise is that S + ΣH never goes over the
 * limit, and since work in progress is in H until it is in S, neither does S.
 *
 * <ul>
 *   <li>A settlement enters the use in the ledger first and lets go of the reservation then; the use is never more than
 *       the reservation. So it moves tokens from H to S, and S + ΣH never grows by it. When the ledger fails, what was
 *       used is dropped from H all the same: should the entry have been written after all, it is counted, and should it
 *       not, the tokens come back with the next lease.
 *   <li>An agent's row in {@code budget_lease} is never less than its H and what it has entered in the ledger that others
 *       cannot read there yet: it is raised before H is, and lowered after, when the ledger has been flushed.
 *   <li>H grows only when a lease is taken. The agent keeps its own H still, reads the version of the project's row in
 *       {@code budget_account}, then S, and then, in one transaction that begins by raising that version, the sum R of the
 *       other agents' rows. It takes no more than the limit less S, R and what it holds itself. If the version had been
 *       raised by somebody else meanwhile, it starts over: so R was the same when S was read, and whatever another agent
 *       has settled since was in R.
 * </ul>
 *
 * <p>Tokens come back when they were not used: into the agent's lease at settlement, and into the database when a lease
 * has been idle for a while or the agent stops. The rows of an agent that died are void when it starts again, and for
 * everyone else an hour after they were renewed last; an agent that could not renew for half that time hands out nothing
 * more. This assumes that the agents' clocks agree to within minutes.
 *
 * <p>At the beginning of a period everything leased counts against the new period until the agent has taken a new lease,
 * since work in progress will be settled there. What was admitted while there was no budget, or before a budget was
 * lowered, is not held back: it is counted when it ends.
 */
@NullMarked
package org.llmfactory.policies.budget;

import org.jspecify.annotations.NullMarked;
