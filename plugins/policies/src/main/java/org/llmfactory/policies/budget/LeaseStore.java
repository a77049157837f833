package org.llmfactory.policies.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.ledger.Ledger;

/** The leases in the database; see the package for why the order of the steps matters. */
final class LeaseStore {
    /** After this time without a renewal a lease is void. */
    static final Duration LIFETIME = Duration.ofHours(1);

    private static final int ATTEMPTS = 100;

    private final Jdbi jdbi;
    private final Ledger ledger;
    private final Holder holder;

    LeaseStore(Jdbi jdbi, Ledger ledger, Holder holder) {
        this.jdbi = jdbi;
        this.ledger = ledger;
        this.holder = holder;
    }

    /**
     * What is asked for.
     *
     * @param held tokens of work in progress, which stay leased
     * @param minimum tokens beside them without which nothing is taken
     * @param wanted tokens beside them at most
     */
    record Request(String project, Instant periodStart, long limit, long held, long minimum, long wanted) {}

    /**
     * What came of it.
     *
     * @param granted tokens beside those held; none when the minimum was not there
     * @param free what could have been granted
     */
    record Grant(long granted, long free) {}

    /**
     * Takes a lease in place of the one there was.
     *
     * @throws FactoryException {@code OVERLOADED} when the database fails or everybody asks at once
     */
    Grant take(Request request, Instant now) {
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                long version = version(request.project());
                long spent = ledger.tokensUsed(request.project(), request.periodStart());
                Optional<Grant> grant = jdbi.inTransaction(handle -> take(handle, request, version, spent, now));
                if (grant.isPresent()) {
                    return grant.get();
                }
            }
        } catch (JdbiException failure) {
            throw unavailable(failure);
        }
        throw unavailable(null);
    }

    /** Empty when somebody else changed the leases meanwhile. */
    private Optional<Grant> take(Handle handle, Request request, long version, long spent, Instant now) {
        int mine = handle.createUpdate(
                        "UPDATE budget_account SET version = version + 1 WHERE project = :project AND version = :version")
                .bind("project", request.project())
                .bind("version", version)
                .execute();
        if (mine == 0) {
            return Optional.empty();
        }
        handle.createUpdate("DELETE FROM budget_lease WHERE project = :project AND renewed <= :expired")
                .bind("project", request.project())
                .bind("expired", now.minus(LIFETIME).toEpochMilli())
                .execute();
        long others = handle.createQuery("SELECT COALESCE(SUM(tokens), 0) FROM budget_lease"
                        + " WHERE project = :project AND holder <> :holder")
                .bind("project", request.project())
                .bind("holder", holder.id())
                .mapTo(Long.class)
                .one();
        long free = Math.max(0, request.limit() - spent - others - request.held());
        if (free < request.minimum()) {
            return Optional.of(new Grant(0, free));
        }
        long granted = Math.min(free, request.wanted());
        write(handle, request.project(), request.periodStart(), request.held() + granted, now);
        return Optional.of(new Grant(granted, free));
    }

    /** Keeps a lease alive, with no more tokens than are held now. */
    void renew(String project, Instant periodStart, long held, Instant now) {
        // What was settled leaves the lease only when every agent can read it in the ledger.
        ledger.flush();
        jdbi.useTransaction(handle -> {
            handle.createUpdate("UPDATE budget_account SET version = version + 1 WHERE project = :project")
                    .bind("project", project)
                    .execute();
            if (held > 0) {
                write(handle, project, periodStart, held, now);
            } else {
                handle.createUpdate("DELETE FROM budget_lease WHERE project = :project AND holder = :holder")
                        .bind("project", project)
                        .bind("holder", holder.id())
                        .execute();
            }
        });
    }

    /** Drops what earlier runs of this agent had leased: nobody holds it any more. */
    void voidEarlierRuns() {
        jdbi.useTransaction(handle -> {
            for (String project : handle.createQuery("SELECT DISTINCT project FROM budget_lease"
                            + " WHERE holder LIKE :agent AND holder NOT LIKE :run")
                    .bind("agent", holder.agentPrefix() + "%")
                    .bind("run", holder.runPrefix() + "%")
                    .mapTo(String.class)
                    .list()) {
                handle.createUpdate("UPDATE budget_account SET version = version + 1 WHERE project = :project")
                        .bind("project", project)
                        .execute();
                handle.createUpdate("DELETE FROM budget_lease"
                                + " WHERE project = :project AND holder LIKE :agent AND holder NOT LIKE :run")
                        .bind("project", project)
                        .bind("agent", holder.agentPrefix() + "%")
                        .bind("run", holder.runPrefix() + "%")
                        .execute();
            }
        });
    }

    private void write(Handle handle, String project, Instant periodStart, long tokens, Instant now) {
        int changed = handle.createUpdate("UPDATE budget_lease"
                        + " SET tokens = :tokens, renewed = :now, period_start = :start"
                        + " WHERE project = :project AND holder = :holder")
                .bind("project", project)
                .bind("holder", holder.id())
                .bind("start", periodStart.toEpochMilli())
                .bind("tokens", tokens)
                .bind("now", now.toEpochMilli())
                .execute();
        if (changed == 0) {
            handle.createUpdate("INSERT INTO budget_lease (project, holder, period_start, tokens, renewed)"
                            + " VALUES (:project, :holder, :start, :tokens, :now)")
                    .bind("project", project)
                    .bind("holder", holder.id())
                    .bind("start", periodStart.toEpochMilli())
                    .bind("tokens", tokens)
                    .bind("now", now.toEpochMilli())
                    .execute();
        }
    }

    private long version(String project) {
        OptionalLong version = findVersion(project);
        if (version.isPresent()) {
            return version.getAsLong();
        }
        try {
            jdbi.useHandle(
                    handle -> handle.createUpdate("INSERT INTO budget_account (project, version) VALUES (:project, 0)")
                            .bind("project", project)
                            .execute());
        } catch (JdbiException failure) {
            // Another agent may have made the row a moment earlier; if nobody did, this is the reason.
            return findVersion(project).orElseThrow(() -> failure);
        }
        return 0;
    }

    private OptionalLong findVersion(String project) {
        return jdbi.withHandle(
                        handle -> handle.createQuery("SELECT version FROM budget_account WHERE project = :project")
                                .bind("project", project)
                                .mapTo(Long.class)
                                .findOne())
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    private static FactoryException unavailable(@Nullable Throwable cause) {
        return new FactoryException(
                ErrorCode.OVERLOADED, "The project's budget cannot be looked at just now; try again.", cause);
    }
}
