package org.llmfactory.policies.governor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.error.ErrorCode;
import org.llmfactory.api.error.FactoryException;
import org.llmfactory.api.governance.Admission;
import org.llmfactory.api.governance.Outcome;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.api.governance.Work;
import org.llmfactory.api.identity.Area;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.identity.KeyScope;
import org.llmfactory.api.identity.OrganizationRole;
import org.llmfactory.api.identity.ProjectRole;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.AuditEvent;
import org.llmfactory.api.ledger.Transcript;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.api.ledger.UsageEntry;
import org.llmfactory.api.project.Budget;
import org.llmfactory.api.project.ProjectSettings;
import org.llmfactory.api.project.RateLimit;

final class GovernorServiceTest {
    private static final Caller CALLER = new Caller(
            Caller.Kind.USER,
            "user-1",
            GovernorFixture.PROJECT,
            OrganizationRole.READER,
            Map.of(GovernorFixture.PROJECT, ProjectRole.MEMBER),
            Optional.of("key_1"),
            KeyScope.UNRESTRICTED);

    @TempDir
    Path home;

    private GovernorFixture fixture;

    @BeforeEach
    void open() {
        fixture = new GovernorFixture(home);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Admission admit(Work work) {
        return fixture.governor.admit(CALLER, work);
    }

    private void assertRefused(ErrorCode code, Work work) {
        assertThatThrownBy(() -> admit(work))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    private void settings(Optional<Budget> budget, Map<String, RateLimit> limits, OptionalInt concurrent) {
        fixture.projects.put(GovernorFixture.settings(budget, limits, concurrent, Optional.empty()));
    }

    private void policy(String definition) {
        fixture.store.create(Optional.of(GovernorFixture.PROJECT), "strict", definition, Actor.system());
        fixture.projects.put(GovernorFixture.settings(
                Optional.empty(), Map.of("*", new RateLimit(10, 1_000)), OptionalInt.empty(), Optional.of("strict")));
    }

    private List<AuditEvent> requests() {
        return fixture.ledger.events().stream()
                .filter(event -> event.type().equals("model.request"))
                .toList();
    }

    @Test
    void theEntrySaysWhoDidWhatWithWhich() {
        try (Admission admission = admit(GovernorFixture.work("chatcmpl-1", 10, 100, "a prompt"))) {
            admission.settle(Usage.ofTokens(10, 4, 20), Outcome.COMPLETED, List.of("an answer"));
        }

        assertThat(requests())
                .containsExactly(new AuditEvent(
                        "model.request",
                        new Actor(Actor.Kind.API_KEY, "user-1", Optional.of("key_1"), "127.0.0.1"),
                        Optional.of(GovernorFixture.PROJECT),
                        Optional.of("chatcmpl-1"),
                        Map.of(
                                "model",
                                "base",
                                "adapters",
                                List.of("digest"),
                                "adapter_names",
                                List.of("haiku"),
                                "endpoint",
                                "completions",
                                "outcome",
                                "completed",
                                "input_tokens",
                                10L,
                                "cached_tokens",
                                4L,
                                "output_tokens",
                                20L)));
        assertThat(fixture.ledger.usage())
                .containsExactly(new UsageEntry(
                        "completions",
                        GovernorFixture.PROJECT,
                        "user-1",
                        Optional.of("key_1"),
                        "base",
                        "haiku",
                        Usage.ofTokens(10, 4, 20)));
    }

    @Test
    void textsAreKeptOnlyWhereTheProjectSaysSo() {
        admit(GovernorFixture.work("one", 1, 1, "a prompt")).close();
        assertThat(fixture.ledger.transcripts()).isEmpty();

        ProjectSettings defaults = ProjectSettings.defaults(GovernorFixture.PROJECT);
        fixture.projects.put(new ProjectSettings(
                defaults.project(),
                defaults.models(),
                true,
                defaults.hiddenAdapters(),
                Map.of(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.empty(),
                true,
                Optional.empty()));
        try (Admission admission = admit(GovernorFixture.work("two", 1, 1, "a prompt"))) {
            admission.settle(Usage.ofTokens(1, 0, 1), Outcome.COMPLETED, List.of("an answer"));
        }
        assertThat(fixture.ledger.transcripts())
                .containsExactly(new Transcript(List.of("a prompt"), List.of("an answer")));
    }

    @Test
    void aProjectThatIsNotThereIsRefused() {
        Caller stranger = new Caller(
                Caller.Kind.USER,
                "user-2",
                "proj_gone",
                OrganizationRole.READER,
                Map.of("proj_gone", ProjectRole.MEMBER),
                Optional.empty(),
                KeyScope.UNRESTRICTED);

        assertThatThrownBy(() -> fixture.governor.admit(stranger, GovernorFixture.work("one", 1, 1)))
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }

    @Test
    void moreRequestsAtOnceThanTheProjectMayHaveAreRefused() {
        settings(Optional.empty(), Map.of(), OptionalInt.of(1));
        Admission first = admit(GovernorFixture.work("one", 1, 1));

        assertRefused(ErrorCode.RATE_LIMITED, GovernorFixture.work("two", 1, 1));
        first.close();
        admit(GovernorFixture.work("three", 1, 1)).close();
    }

    @Test
    void withoutADecisionThePlatformsDefaultHolds() {
        List<Admission> admissions = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            admissions.add(admit(GovernorFixture.work("r" + i, 1, 1)));
        }

        assertRefused(ErrorCode.RATE_LIMITED, GovernorFixture.work("one", 1, 1));
        admissions.forEach(Admission::close);
    }

    @Test
    void keysHaveLimitsBesideTheProjects() {
        KeyScope scope = new KeyScope(
                EnumSet.allOf(Area.class),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                OptionalInt.of(2),
                OptionalLong.of(50));
        Caller limited = new Caller(
                CALLER.kind(),
                CALLER.id(),
                CALLER.project(),
                CALLER.organizationRole(),
                CALLER.projects(),
                Optional.of("key_2"),
                scope);
        settings(Optional.empty(), Map.of("base", new RateLimit(10, 1_000)), OptionalInt.empty());

        try (Admission admission = fixture.governor.admit(limited, GovernorFixture.work("one", 5, 5))) {
            assertThat(admission.headers())
                    .containsEntry("x-ratelimit-limit-requests", "2")
                    .containsEntry("x-ratelimit-remaining-requests", "1")
                    .containsEntry("x-ratelimit-limit-tokens", "50");
        }
        fixture.governor.admit(limited, GovernorFixture.work("two", 5, 5)).close();
        assertThatThrownBy(() -> fixture.governor.admit(limited, GovernorFixture.work("three", 5, 5)))
                .hasMessageContaining("the API key's limit")
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        refusal -> assertThat(refusal.headers()).containsEntry("x-ratelimit-remaining-requests", "0"));
        admit(GovernorFixture.work("four", 5, 5)).close();
    }

    @Test
    void aBudgetThatRefusesLeavesNoTraceInTheLimits() {
        settings(
                Optional.of(new Budget(100, Budget.Period.DAY)),
                Map.of("*", new RateLimit(2, 1_000)),
                OptionalInt.of(1));
        for (int i = 0; i < 20; i++) {
            assertRefused(ErrorCode.QUOTA_EXCEEDED, GovernorFixture.work("r" + i, 1, 100));
        }

        admit(GovernorFixture.work("fits", 50, 50)).close();
        assertThat(requests()).hasSize(1);
    }

    @Test
    void unusedTokensAreGivenBackToLimitsAndBudget() {
        settings(
                Optional.of(new Budget(100, Budget.Period.DAY)),
                Map.of("*", new RateLimit(10, 110)),
                OptionalInt.empty());
        for (int i = 0; i < 9; i++) {
            try (Admission admission = admit(GovernorFixture.work("r" + i, 10, 10))) {
                admission.settle(Usage.ofTokens(5, 0, 5), Outcome.COMPLETED, List.of());
            }
        }

        assertRefused(ErrorCode.QUOTA_EXCEEDED, GovernorFixture.work("more", 6, 5));
        admit(GovernorFixture.work("last", 5, 5)).close();
    }

    @Test
    void aStoppedPromptIsEnteredWithoutUsageAndCountsAsARequestOnly() {
        policy("{\"rules\":[{\"name\":\"no-x\",\"words\":[\"xyzzy\"],\"action\":\"block\"}]}");
        assertRefused(ErrorCode.CONTENT_BLOCKED, GovernorFixture.work("one", 500, 500, "xyzzy"));

        assertThat(requests()).singleElement().satisfies(event -> {
            assertThat(event.details())
                    .containsEntry("outcome", "blocked")
                    .hasEntrySatisfying(
                            "policy",
                            policy -> assertThat(policy)
                                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                                    .containsEntry("name", "strict")
                                    .containsEntry("version", 1)
                                    .containsEntry("verdict", "blocked")
                                    .containsEntry("rules", List.of("no-x")));
            assertThat(event.toString()).doesNotContain("xyzzy");
        });
        assertThat(fixture.ledger.usage()).isEmpty();
        try (Admission admission = admit(GovernorFixture.work("two", 500, 500, "fine"))) {
            assertThat(admission.headers()).containsEntry("x-ratelimit-remaining-requests", "8");
        }
    }

    @Test
    void theVerdictOnTheAnswerIsInTheEntry() {
        policy("{\"rules\":[{\"name\":\"no-x\",\"words\":[\"xyzzy\"],\"on\":\"output\",\"action\":\"redact\"}]}");
        try (Admission admission = admit(GovernorFixture.work("one", 5, 5, "xyzzy"))) {
            OutputScreen screen = admission.screen();
            assertThat(screen.accept("say xyzzy") + screen.finish()).isEqualTo("say [no-x]");
            admission.settle(Usage.ofTokens(5, 0, 5), Outcome.COMPLETED, List.of());
            assertThat(admission.timings().get("policy")).isPositive();
        }

        assertThat(requests().get(0).details().get("policy").toString())
                .contains("verdict=redacted")
                .contains("no-x");
    }

    @Test
    void aNewVersionOfAPolicyHoldsAtOnce() {
        policy("{\"rules\":[{\"name\":\"no-x\",\"words\":[\"xyzzy\"],\"action\":\"block\"}]}");
        assertRefused(ErrorCode.CONTENT_BLOCKED, GovernorFixture.work("one", 1, 1, "xyzzy"));
        String id = fixture.store.newest().get(0).id();
        fixture.store.addVersion(
                id, "{\"rules\":[{\"name\":\"no-y\",\"words\":[\"yyy\"],\"action\":\"block\"}]}", Actor.system());

        admit(GovernorFixture.work("two", 1, 1, "xyzzy")).close();
        assertRefused(ErrorCode.CONTENT_BLOCKED, GovernorFixture.work("three", 1, 1, "yyy"));
    }

    @Test
    void aPolicyThatIsGoneLetsNothingThrough() {
        policy("{\"rules\":[{\"name\":\"no-x\",\"words\":[\"xyzzy\"],\"action\":\"block\"}]}");
        admit(GovernorFixture.work("one", 1, 1, "fine")).close();
        fixture.store.delete(fixture.store.newest().get(0).id(), Actor.system());

        assertThatThrownBy(() -> admit(GovernorFixture.work("two", 1, 1, "fine")))
                .hasMessageContaining("'strict' does not exist")
                .isInstanceOfSatisfying(
                        FactoryException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CONTENT_BLOCKED));
    }

    @Test
    void whenTheLedgerRefusesTheRequestFailsAndItsTokensAreNotHandedOutAgain() {
        BrokenLedger broken = new BrokenLedger();
        try (GovernorFixture other = new GovernorFixture(home.resolve("."), Optional.of(broken))) {
            other.projects.put(GovernorFixture.settings(
                    Optional.of(new Budget(100, Budget.Period.DAY)), Map.of(), OptionalInt.of(1), Optional.empty()));
            Admission admission = other.governor.admit(CALLER, GovernorFixture.work("one", 50, 50));
            assertThatThrownBy(() -> admission.settle(Usage.ofTokens(50, 0, 10), Outcome.COMPLETED, List.of()))
                    .isInstanceOfSatisfying(
                            FactoryException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.OVERLOADED));
            admission.close();

            broken.repair();
            other.governor.admit(CALLER, GovernorFixture.work("two", 20, 20)).close();
        }
        assertThat(broken.attempts()).isEqualTo(2);
    }

    @Test
    void whatWasUsedBeyondTheReservationIsEnteredAndFails() {
        Admission admission = admit(GovernorFixture.work("one", 5, 5));

        assertThatThrownBy(() -> admission.settle(Usage.ofTokens(5, 0, 6), Outcome.COMPLETED, List.of()))
                .isInstanceOf(IllegalStateException.class);
        admission.close();
        assertThat(fixture.ledger.usage())
                .singleElement()
                .satisfies(entry -> assertThat(entry.usage().tokens()).isEqualTo(11));
        assertThat(requests().get(0).details()).containsEntry("outcome", "failed");
    }

    @Test
    void manyThreadsSettleExactlyWhatIsInTheLedgerAndNeverMoreThanTheBudget() throws Exception {
        Budget budget = new Budget(60_000, Budget.Period.MONTH);
        settings(Optional.of(budget), Map.of("*", new RateLimit(1_000_000, 100_000_000)), OptionalInt.empty());
        ExecutorService pool = Executors.newFixedThreadPool(64);
        long settled = 0;
        try {
            List<Future<Long>> running = new ArrayList<>();
            for (int thread = 0; thread < 64; thread++) {
                Random random = new Random(thread);
                running.add(pool.submit(() -> settleUntilRefused(random)));
            }
            for (Future<Long> each : running) {
                settled += each.get(60, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(fixture.ledger.tokensUsed(GovernorFixture.PROJECT, Instant.EPOCH))
                .isEqualTo(settled)
                .isBetween(budget.tokens() - 64 * 200, budget.tokens());
    }

    private long settleUntilRefused(Random random) {
        long settled = 0;
        while (true) {
            int input = 1 + random.nextInt(100);
            int output = 1 + random.nextInt(100);
            try (Admission admission = admit(GovernorFixture.work("r", input, output))) {
                Usage usage = Usage.ofTokens(input, 0, random.nextInt(output + 1));
                admission.settle(usage, Outcome.COMPLETED, List.of());
                settled += usage.tokens();
            } catch (FactoryException refusal) {
                if (refusal.code() == ErrorCode.QUOTA_EXCEEDED) {
                    return settled;
                }
                assertThat(refusal.code()).isEqualTo(ErrorCode.RATE_LIMITED);
            }
        }
    }

    @Test
    void refusalsAndTimesAreCounted() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        fixture.metrics.registry = registry;
        settings(Optional.of(new Budget(1, Budget.Period.DAY)), Map.of(), OptionalInt.empty());
        admit(GovernorFixture.work("one", 0, 1)).close();
        assertRefused(ErrorCode.QUOTA_EXCEEDED, GovernorFixture.work("two", 1, 1));

        assertThat(registry.get("llmfactory.governor.refusals")
                        .tag("reason", "budget")
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("llmfactory.governor.check")
                        .tag("check", "audit")
                        .timer()
                        .count())
                .isEqualTo(1);
    }
}
