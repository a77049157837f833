package org.llmfactory.policies.governor;

import io.github.bucket4j.TimeMeter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.llmfactory.api.governance.Work;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.ledger.testing.InMemoryLedger;
import org.llmfactory.api.project.Budget;
import org.llmfactory.api.project.ModelPermissions;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.RateLimit;
import org.llmfactory.api.project.testing.InMemoryProjects;
import org.llmfactory.database.Database;
import org.llmfactory.policies.TestTables;
import org.llmfactory.policies.budget.Budgets;
import org.llmfactory.policies.content.Classifiers;
import org.llmfactory.policies.content.PolicyCatalog;
import org.llmfactory.policies.content.PolicyStore;
import org.llmfactory.policies.limit.RateLimiter;

/** A governor on a database in memory, with everything around it in the test's hands. */
final class GovernorFixture implements AutoCloseable {
    static final String PROJECT = Caller.DEFAULT_PROJECT;

    final Database database = TestTables.empty();
    final InMemoryLedger ledger = new InMemoryLedger();
    final InMemoryProjects projects = new InMemoryProjects();
    final PolicyStore store = new PolicyStore(database, ledger);
    final PolicyCatalog catalog = new PolicyCatalog(store, database);
    final Classifiers classifiers = new Classifiers();
    final GovernorMetrics metrics = new GovernorMetrics();
    final GovernorService governor;

    GovernorFixture(Path home) {
        this(home, Optional.empty());
    }

    /** With a ledger of the test's own. */
    GovernorFixture(Path home, Optional<Ledger> other) {
        Ledger used = other.orElse(ledger);
        Budgets budgets = new Budgets(
                database.open("policies", GovernorService.class),
                used,
                home.resolve("agent.id"),
                Clock.systemUTC(),
                new Budgets.Options(1000, Duration.ofSeconds(10)));
        this.governor = new GovernorService(
                projects, used, catalog, classifiers, new RateLimiter(TimeMeter.SYSTEM_NANOTIME), budgets, metrics, 64);
    }

    /** The project's settings with a budget and a rate limit, where there is one. */
    static ProjectSettings settings(
            Optional<Budget> budget, Map<String, RateLimit> limits, OptionalInt concurrent, Optional<String> policy) {
        return new ProjectSettings(
                PROJECT,
                ModelPermissions.ALL,
                true,
                Set.of(),
                limits,
                concurrent,
                budget,
                policy,
                false,
                Optional.empty());
    }

    static Work work(String id, long inputTokens, long outputTokens, String... input) {
        return new Work(
                id,
                "completions",
                "127.0.0.1",
                "base",
                List.of("digest"),
                List.of("haiku"),
                List.of(input),
                inputTokens,
                outputTokens);
    }

    @Override
    public void close() {
        governor.close();
        catalog.close();
    }
}
