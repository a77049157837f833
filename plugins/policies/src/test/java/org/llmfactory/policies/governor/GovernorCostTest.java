package org.llmfactory.policies.governor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmfactory.api.governance.Admission;
import org.llmfactory.api.governance.Outcome;
import org.llmfactory.api.governance.OutputScreen;
import org.llmfactory.api.governance.Work;
import org.llmfactory.api.identity.Caller;
import org.llmfactory.api.ledger.Actor;
import org.llmfactory.api.ledger.Usage;
import org.llmfactory.api.project.Budget;
import org.llmfactory.api.project.RateLimit;

/** What the checks add to a request. Says the medians; fails only when they are out of all proportion. */
final class GovernorCostTest {
    private static final int ROUNDS = 2000;
    private static final Duration BOUND = Duration.ofMillis(2);
    private static final Map<String, RateLimit> LIMITS = Map.of("*", new RateLimit(100_000_000, 10_000_000_000L));

    @TempDir
    Path home;

    @Test
    void theChecksAreCheap() {
        try (GovernorFixture fixture = new GovernorFixture(home)) {
            Work work = GovernorFixture.work("one", 100, 100, "word ".repeat(80));
            report(
                    "admit and settle without limits",
                    medianNanos(() -> admit(fixture, work).close()));

            fixture.projects.put(
                    GovernorFixture.settings(Optional.empty(), LIMITS, OptionalInt.empty(), Optional.empty()));
            report(
                    "admit and settle with rate limits",
                    medianNanos(() -> admit(fixture, work).close()));

            fixture.projects.put(GovernorFixture.settings(
                    Optional.of(new Budget(1_000_000_000, Budget.Period.DAY)),
                    LIMITS,
                    OptionalInt.empty(),
                    Optional.empty()));
            report(
                    "admit and settle with rate limits and a budget",
                    medianNanos(() -> admit(fixture, work).close()));

            fixture.store.create(Optional.empty(), "strict", """
                    {"rules": [
                      {"name": "ssn", "pattern": "\\\\b[0-9]{3}-[0-9]{2}-[0-9]{4}\\\\b", "action": "block"},
                      {"name": "kvnr", "pattern": "\\\\b[A-Z][0-9]{9}\\\\b", "action": "flag"},
                      {"name": "words", "words": ["one", "two", "three"], "action": "flag"}]}""", Actor.system());
            fixture.projects.put(
                    GovernorFixture.settings(Optional.empty(), LIMITS, OptionalInt.empty(), Optional.of("strict")));
            report(
                    "admit and settle with rate limits and a policy, prompt of 400 characters",
                    medianNanos(() -> admit(fixture, work).close()));
            report("screen an answer of 400 characters in pieces of 4", medianNanos(() -> screen(fixture, work)));
        }
    }

    private static Admission admit(GovernorFixture fixture, Work work) {
        Admission admission = fixture.governor.admit(Caller.platform(), work);
        admission.settle(Usage.ofTokens(100, 0, 50), Outcome.COMPLETED, List.of());
        return admission;
    }

    private static void screen(GovernorFixture fixture, Work work) {
        try (Admission admission = admit(fixture, work)) {
            OutputScreen screen = admission.screen();
            for (int i = 0; i < 100; i++) {
                screen.accept("abc ");
            }
            screen.finish();
        }
    }

    private static long medianNanos(Runnable work) {
        long[] nanos = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            long started = System.nanoTime();
            work.run();
            nanos[i] = System.nanoTime() - started;
        }
        Arrays.sort(nanos, ROUNDS / 2, ROUNDS);
        return nanos[ROUNDS * 3 / 4];
    }

    private static void report(String what, long nanos) {
        System.out.printf("%s: median %.1f us%n", what, nanos / 1000.0);
        assertThat(nanos).as(what).isLessThan(BOUND.toNanos());
    }
}
