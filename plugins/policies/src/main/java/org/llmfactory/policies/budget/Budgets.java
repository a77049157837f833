package org.llmfactory.policies.budget;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.project.Budget;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The budgets of all projects, as far as this agent spends them. Safe for use by several threads. */
public final class Budgets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Budgets.class);

    private final LeaseStore store;
    private final Clock clock;
    private final Options options;
    private final Map<String, BudgetAccount> accounts = new ConcurrentHashMap<>();
    private final ScheduledFuture<?> housekeeping;
    private volatile boolean closed;
    private final ScheduledExecutorService housekeeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "llmfactory-budgets");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * How leases are dealt with.
     *
     * @param chunk tokens leased at a time, at least 1; never more than a sixteenth of the budget unless one request needs
     *     more
     * @param idle after this time without a request a lease goes back
     */
    public record Options(long chunk, Duration idle) {}

    /** Budgets of an agent whose name is kept in a file. */
    public Budgets(Jdbi jdbi, Ledger ledger, Path agentFile, Clock clock, Options options) {
        this(new LeaseStore(jdbi, ledger, Holder.of(agentFile)), clock, options);
    }

    Budgets(LeaseStore store, Clock clock, Options options) {
        this.store = store;
        this.clock = clock;
        this.options = options;
        store.voidEarlierRuns();
        long period = options.idle().toMillis();
        this.housekeeping = housekeeper.scheduleWithFixedDelay(this::maintain, period, period, TimeUnit.MILLISECONDS);
    }

    /** Tokens that are reserved until they are settled. */
    public final class Reservation {
        private final BudgetAccount account;
        private final long tokens;

        private Reservation(BudgetAccount account, long tokens) {
            this.account = account;
            this.tokens = tokens;
        }

        /** To be called once: when the use has been entered in the ledger, or with 0 when there was none. */
        public void settle(long used) {
            account.settle(tokens, used);
            if (closed) {
                maintain(account);
            }
        }
    }

    /**
     * Reserves tokens.
     *
     * @throws org.llmfactory.api.error.FactoryException {@code QUOTA_EXCEEDED} when there are not so many left
     */
    public Reservation reserve(String project, Budget budget, long tokens) {
        BudgetAccount account =
                accounts.computeIfAbsent(project, unknown -> new BudgetAccount(project, store, options.chunk()));
        account.reserve(budget, tokens, clock.instant());
        return new Reservation(account, tokens);
    }

    /** Gives back what is idle, and keeps alive what is not. */
    void maintain() {
        accounts.values().forEach(this::maintain);
    }

    private void maintain(BudgetAccount account) {
        Instant now = clock.instant();
        try {
            account.maintain(now.minus(options.idle()), now);
        } catch (RuntimeException failure) {
            LOG.warn("A lease on a budget could not be renewed; trying again.", failure);
        }
    }

    /** Hands out nothing more and gives back what nobody uses; what is at work can still be settled. */
    @Override
    public void close() {
        housekeeping.cancel(false);
        housekeeper.shutdown();
        closed = true;
        accounts.values().forEach(BudgetAccount::close);
        maintain();
    }
}
