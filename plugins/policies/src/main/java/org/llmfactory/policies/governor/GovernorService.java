package org.llmfactory.policies.governor;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.llmfactory.access.Resource;
import org.llmfactory.api.agent.Home;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.Admission;
import org.llmfactory.api.governance.Governor;
import org.llmfactory.api.governance.Work;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.ledger.Ledger;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.Projects;
import org.llmfactory.database.Database;
import org.llmfactory.policies.budget.Budgets;
import org.llmfactory.policies.content.Classifiers;
import org.llmfactory.policies.content.Inspection;
import org.llmfactory.policies.content.PolicyCatalog;
import org.llmfactory.policies.limit.Allowance;
import org.llmfactory.policies.limit.ConcurrencyLimit;
import org.llmfactory.policies.limit.Permit;
import org.llmfactory.policies.limit.RateLimiter;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** Asks one check after the other, the cheap ones first; what one refuses, the others have not counted. */
@Component(service = Governor.class, configurationPid = GovernorService.PID)
@Designate(ocd = Config.class)
public final class GovernorService implements Governor, AutoCloseable {
    static final String PID = "org.llmfactory.policies.governor";

    private final Projects projects;
    private final PolicyCatalog policies;
    private final Classifiers classifiers;
    private final ConcurrencyLimit concurrency = new ConcurrencyLimit();
    private final RateLimiter rates;
    private final Budgets budgets;
    private final Settlements settlements;
    private final GovernorMetrics metrics;
    private final int maximumConcurrent;

    @Activate
    public GovernorService(
            @Reference Projects projects,
            @Reference Ledger ledger,
            @Reference Database database,
            @Reference Home home,
            @Reference PolicyCatalog policies,
            @Reference Classifiers classifiers,
            @Reference GovernorMetrics metrics,
            Config config) {
        this(
                projects,
                ledger,
                policies,
                classifiers,
                RateLimiter.create(),
                new Budgets(
                        database.open("policies", GovernorService.class),
                        ledger,
                        home.root().resolve("agent.id"),
                        Clock.systemUTC(),
                        new Budgets.Options(
                                config.budgetLeaseTokens(), Duration.ofSeconds(config.budgetIdleSeconds()))),
                metrics,
                config.maximumConcurrentRequests());
    }

    GovernorService(
            Projects projects,
            Ledger ledger,
            PolicyCatalog policies,
            Classifiers classifiers,
            RateLimiter rates,
            Budgets budgets,
            GovernorMetrics metrics,
            int maximumConcurrent) {
        this.projects = projects;
        this.policies = policies;
        this.classifiers = classifiers;
        this.rates = rates;
        this.budgets = budgets;
        this.settlements = new Settlements(ledger, metrics);
        this.metrics = metrics;
        this.maximumConcurrent = maximumConcurrent;
    }

    @Override
    public Admission admit(Caller caller, Work work) {
        Stopwatch stopwatch = new Stopwatch();
        ProjectSettings settings = counting(Refusal.PROJECT, () -> settings(caller.project()));
        long tokens = work.inputTokens() + work.outputTokens();
        try (Undo undo = new Undo()) {
            ConcurrencyLimit.Place place = counting(Refusal.CONCURRENCY, () -> enter(settings));
            undo.add(place::leave);
            Permit permit = counting(
                    Refusal.RATE,
                    () -> stopwatch.time(
                            Check.LIMIT, () -> rates.take(allowances(caller, settings, work.model()), tokens)));
            undo.add(permit::giveBackAll);
            Task task = new Task(caller, work, settings.storePrompts(), tokens);
            Optional<Inspection> inspection =
                    counting(Refusal.POLICY, () -> inspect(task, settings, permit, undo, stopwatch));
            Optional<Budgets.Reservation> reservation =
                    counting(Refusal.BUDGET, () -> stopwatch.time(Check.LIMIT, () -> reserve(settings, tokens)));
            undo.keep();
            return new GovernedAdmission(
                    task, new Holdings(place, permit, reservation), inspection, settlements, stopwatch);
        }
    }

    private ProjectSettings settings(String project) {
        return projects.settings(project).orElseThrow(() -> Resource.unknown(Resource.Kind.PROJECT, project));
    }

    private ConcurrencyLimit.Place enter(ProjectSettings settings) {
        return concurrency.enter(settings.project(), settings.maxConcurrent().orElse(maximumConcurrent));
    }

    private static List<Allowance> allowances(Caller caller, ProjectSettings settings, String model) {
        List<Allowance> allowances = new ArrayList<>(2);
        settings.rateLimit(model)
                .ifPresent(limit -> allowances.add(Allowance.ofProject(
                        settings.project(), model, limit.requestsPerMinute(), limit.tokensPerMinute())));
        KeyScope scope = caller.scope();
        if (scope.requestsPerMinute().isPresent() || scope.tokensPerMinute().isPresent()) {
            allowances.add(Allowance.ofKey(
                    caller.apiKey().orElse(caller.id()), scope.requestsPerMinute(), scope.tokensPerMinute()));
        }
        return allowances;
    }

    private Optional<Inspection> inspect(
            Task task, ProjectSettings settings, Permit permit, Undo undo, Stopwatch stopwatch) {
        if (settings.contentPolicy().isEmpty()) {
            return Optional.empty();
        }
        String name = settings.contentPolicy().get();
        Inspection inspection = policies.find(settings.project(), name)
                .map(policy -> policy.inspection(classifiers))
                .orElseThrow(() -> missing(name));
        try {
            stopwatch.time(Check.POLICY, () -> {
                inspection.input(task.work().input());
                return inspection;
            });
        } catch (FactoryException refusal) {
            // It was looked at and is entered, which is work: it counts as a request, but not for its tokens.
            undo.replaceLast(() -> permit.giveBackTokens(Long.MAX_VALUE));
            settlements.enterRefusal(task, inspection);
            throw refusal;
        }
        return Optional.of(inspection);
    }

    private static FactoryException missing(String policy) {
        return new FactoryException(
                ErrorCode.CONTENT_BLOCKED,
                "The project's content policy '" + policy + "' does not exist, so nothing is let through. "
                        + "An owner of the project can choose another, or create it.");
    }

    private Optional<Budgets.Reservation> reserve(ProjectSettings settings, long tokens) {
        return settings.budget().map(budget -> budgets.reserve(settings.project(), budget, tokens));
    }

    private <T> T counting(Refusal reason, Supplier<T> check) {
        try {
            return check.get();
        } catch (FactoryException refusal) {
            metrics.refused(reason);
            throw refusal;
        }
    }

    @Deactivate
    @Override
    public void close() {
        budgets.close();
    }
}
